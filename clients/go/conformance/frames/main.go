// Command frames takes a job's frames, as client with the client, as bare with a WebSocket alone, and
// says when those that warm it up and the others are there: frames client|bare URL WARM COUNTED.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"

	"github.com/coder/websocket"

	streamer "github.com/streamer/streamer/clients/go"
)

type counter struct {
	warm, all, seen int
}

func (c *counter) one() {
	c.seen++
	switch c.seen {
	case c.warm:
		fmt.Println("warm")
	case c.all:
		fmt.Println("done")
	}
}

func main() {
	side, url := os.Args[1], os.Args[2]
	warm, err := strconv.Atoi(os.Args[3])
	check(err)
	counted, err := strconv.Atoi(os.Args[4])
	check(err)
	if side == "client" {
		client(url, warm, counted)
	} else {
		bare(url, warm, counted)
	}
}

func client(url string, warm, counted int) {
	ctx := context.Background()
	// every second frame is an event, and none of these is left out
	events := counter{warm: warm / 2, all: (warm + counted) / 2}
	asking, err := streamer.New(url, streamer.Options{
		Token: streamer.TokenFunc(func(context.Context) (string, error) { return "T", nil }),
	})
	check(err)
	var newest atomic.Value
	job := streamer.Request[json.RawMessage](ctx, asking, "frames", nil,
		streamer.OnProgress(func(progress streamer.Progress) { newest.Store(progress.Percentage) }),
		streamer.WithEventBuffer(warm+counted))
	for _, err := range job.Events(ctx) {
		check(err)
		events.one()
	}
}

func bare(url string, warm, counted int) {
	ctx := context.Background()
	// the acknowledgment comes before them
	messages := counter{warm: warm + 1, all: warm + 1 + counted}
	socket, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{"streamer.v1"}})
	check(err)
	check(socket.Write(ctx, websocket.MessageText, []byte(`{"id":"bare","action":"frames"}`)))
	for {
		_, _, err := socket.Read(ctx)
		check(err)
		messages.one()
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
