package streamer_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	streamer "github.com/streamer/streamer/clients/go"
)

type Wanted struct {
	StartDate string `json:"start_date"`
	EndDate   string `json:"end_date"`
}

type Report struct {
	URL string `json:"url"`
}

func fetchToken(context.Context) (string, error) { return "ey…", nil }

func Example() {
	ctx := context.Background()
	client, err := streamer.New("wss://api.example.com/ws", streamer.Options{Token: streamer.TokenFunc(fetchToken)})
	if err != nil {
		panic(err)
	}
	defer client.Close()

	wanted := Wanted{StartDate: "2026-01-01", EndDate: "2026-01-31"}
	job := streamer.Request[Report](ctx, client, "generate_report", wanted,
		streamer.RetryJob(),
		streamer.OnProgress(func(now streamer.Progress) { fmt.Println(now.Percentage, now.Message) }))
	report, err := job.Wait(ctx)
	var failed *streamer.Error
	if errors.As(err, &failed) && failed.Retryable {
		fmt.Println("try again in", failed.RetryAfter)
	}
	fmt.Println(report.URL, err)
}

func ExampleJob_Events() {
	ctx, client := context.Background(), exampleClient()
	type token struct {
		seq  int64
		text string
	}
	var answer []token
	job := streamer.Request[json.RawMessage](ctx, client, "ask", map[string]string{"question": "why?"},
		// the job runs again from before these
		streamer.OnVoid(func(afterSeq int64) {
			answer = slices.DeleteFunc(answer, func(one token) bool { return one.seq > afterSeq })
		}))
	for event, err := range job.Events(ctx) {
		if err != nil {
			break
		}
		var text string
		if event.Name == "token" && event.Decode(&text) == nil {
			answer = append(answer, token{event.Seq, text})
		}
	}
	_, err := job.Wait(ctx)
	fmt.Println(len(answer), err)
}

func ExampleRequest_context() {
	client := exampleClient()
	// after ten minutes nobody waits any more, and the job is cancelled
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	_, err := streamer.Request[Report](ctx, client, "generate_report", Wanted{}).Wait(ctx)
	fmt.Println(err)
}

func ExampleAttach() {
	ctx, client := context.Background(), exampleClient()
	job := streamer.Attach[Report](ctx, client, "Yc3kqQ0mXh7vR1bT5nLd8pWs2_A", streamer.WithFrames(streamer.KindProgress))
	report, err := job.Wait(ctx)
	fmt.Println(report.URL, err)
}

func ExampleJob_Cancel() {
	ctx, client := context.Background(), exampleClient()
	job := streamer.Request[Report](ctx, client, "generate_report", Wanted{})
	cancelled, err := job.Cancel(ctx)
	fmt.Println(cancelled, err)
}

func ExampleOptions() {
	client, err := streamer.New("wss://api.example.com/ws", streamer.Options{
		Token:       streamer.TokenFunc(fetchToken),
		Logger:      slog.New(slog.NewJSONHandler(os.Stderr, nil)),
		OnState:     func(now streamer.State) { fmt.Println(now.Name, now.Reason) },
		Traceparent: traceparentOf,
	})
	if err != nil {
		panic(err)
	}
	client.Connect()
}

func traceparentOf(context.Context) string { return strings.Repeat("0", 55) }

func exampleClient() *streamer.Client {
	client, err := streamer.New("wss://api.example.com/ws", streamer.Options{Token: streamer.StaticToken("ey…")})
	if err != nil {
		panic(err)
	}
	return client
}
