package streamer

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

const (
	subprotocol = "streamer.v1"
	// API Gateway takes no larger frame, and a server may say another size.
	mostFrameBytes = 32 * 1024
	// More than any server sends in one message.
	mostReadBytes = 16 * 1024 * 1024
	// How long what is queued may take when a socket is closed.
	flushLimit = 2 * time.Second
)

// dialing is what every socket of a client is opened with.
type dialing struct {
	url   string
	http  *http.Client
	token TokenSource
}

// wsSocket is a WebSocket with a goroutine that writes.
type wsSocket struct {
	conn    *websocket.Conn
	mu      sync.Mutex
	queue   [][]byte
	closing bool
	// frameBytes is the most of a frame.
	frameBytes int
	wake       chan struct{}
	// writes ends when nothing may be written any more.
	writes context.Context
	stop   context.CancelFunc
	// done is closed when the socket is.
	done chan struct{}
}

// open asks for a token and opens a socket.
func (d *dialing) open(ctx context.Context, opening func()) (*wsSocket, *ending) {
	token, err := d.token.Token(ctx)
	if err != nil {
		return nil, &ending{code: closedWithout, reason: err.Error()}
	}
	opening()
	conn, response, err := websocket.Dial(ctx, d.url, &websocket.DialOptions{
		HTTPClient:   d.http,
		HTTPHeader:   http.Header{"Authorization": {"Bearer " + token}},
		Subprotocols: []string{subprotocol},
	})
	if err != nil {
		return nil, refusal(response, err)
	}
	conn.SetReadLimit(mostReadBytes)
	writes, stop := context.WithCancel(context.Background())
	s := &wsSocket{conn: conn, frameBytes: mostFrameBytes, wake: make(chan struct{}, 1), writes: writes, stop: stop, done: make(chan struct{})}
	go s.write()
	return s, nil
}

func refusal(response *http.Response, err error) *ending {
	why := &ending{code: closedWithout}
	if response != nil && response.StatusCode != http.StatusSwitchingProtocols {
		why.status = response.StatusCode
		why.reason = "refused with " + strconv.Itoa(response.StatusCode)
		if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds > 0 {
			why.after = time.Duration(seconds) * time.Second
		}
		return why
	}
	why.reason = withoutAddress(err).Error()
	return why
}

// withoutAddress gives what went wrong alone: an address may hold what is no one's business.
func withoutAddress(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// read gives each text until the socket is over, and why it is.
func (s *wsSocket) read(text func([]byte)) ending {
	defer s.stop()
	for {
		kind, data, err := s.conn.Read(context.Background())
		if err != nil {
			_ = s.conn.CloseNow()
			var closed websocket.CloseError
			if errors.As(err, &closed) {
				return ending{code: int(closed.Code), reason: closed.Reason}
			}
			return ending{code: closedWithout, reason: strings.TrimPrefix(err.Error(), "failed to get reader: ")}
		}
		if kind == websocket.MessageText {
			text(data)
		}
	}
}

func (s *wsSocket) send(text []byte) {
	s.mu.Lock()
	s.queue = append(s.queue, text)
	s.mu.Unlock()
	s.nudge()
}

func (s *wsSocket) limitFrames(bytes int) {
	s.mu.Lock()
	s.frameBytes = bytes
	s.mu.Unlock()
}

func (s *wsSocket) close() {
	s.mu.Lock()
	s.closing = true
	s.mu.Unlock()
	s.nudge()
	time.AfterFunc(flushLimit, s.stop)
}

func (s *wsSocket) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *wsSocket) write() {
	defer close(s.done)
	for {
		s.mu.Lock()
		queue, closing, frameBytes := s.queue, s.closing, s.frameBytes
		s.queue = nil
		s.mu.Unlock()
		for _, text := range queue {
			if s.writeText(text, frameBytes) != nil {
				// whoever reads hears of it
				_ = s.conn.CloseNow()
				return
			}
		}
		if closing && len(queue) == 0 {
			_ = s.conn.Close(websocket.StatusNormalClosure, "")
			return
		}
		if len(queue) > 0 {
			continue
		}
		select {
		case <-s.wake:
		case <-s.writes.Done():
			_ = s.conn.CloseNow()
			return
		}
	}
}

func (s *wsSocket) writeText(text []byte, frameBytes int) error {
	if len(text) <= frameBytes {
		return s.conn.Write(s.writes, websocket.MessageText, text)
	}
	// each write is a frame
	writer, err := s.conn.Writer(s.writes, websocket.MessageText)
	if err != nil {
		return err
	}
	for from := 0; from < len(text); from += frameBytes {
		if _, err := writer.Write(text[from:min(from+frameBytes, len(text))]); err != nil {
			return err
		}
	}
	return writer.Close()
}
