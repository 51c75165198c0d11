package streamer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	fetchTries = 3
	fetchPause = 500 * time.Millisecond
)

var errTooLarge = errors.New("too large")

// fetchResult gets a large result, without a token. It pauses between its tries for a random time up
// to the one given, then up to twice that.
//
// fresh asks for a new address where the old one is refused, and gives "" if there is none.
func fetchResult(ctx context.Context, with *http.Client, what fetching, most time.Duration, fresh func() string) (json.RawMessage, *problem) {
	url := what.url
	var why error
	for try := range fetchTries {
		if try > 0 {
			pause(ctx, time.Duration(rand.Float64()*float64(most<<(try-1))))
			if another := fresh(); another != "" {
				url = another
			}
		}
		body, err := get(ctx, with, url, what.mostBytes)
		switch {
		case errors.Is(err, errTooLarge):
			return nil, cannotFetch(url, CodeResultTooLarge, fmt.Sprintf("the result has more than %d bytes", what.mostBytes), nil)
		case err == nil && !json.Valid(body):
			return nil, cannotFetch(url, CodeResultUnavailable, "the result is not JSON", nil)
		case err == nil:
			return body, nil
		case ctx.Err() != nil:
			return nil, cannotFetch(url, CodeResultUnavailable, "nobody waits for the result", ctx.Err())
		}
		why = err
	}
	return nil, cannotFetch(url, CodeResultUnavailable, "the result cannot be fetched: "+why.Error(), why)
}

func cannotFetch(url, code, message string, cause error) *problem {
	why := failure(code, message)
	why.Retryable = code == CodeResultUnavailable
	why.Details = map[string]any{"result_url": url}
	why.cause = cause
	return why
}

func get(ctx context.Context, with *http.Client, url string, mostBytes int64) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, errors.New("its address is none")
	}
	response, err := with.Do(request)
	if err != nil {
		return nil, withoutAddress(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, fmt.Errorf("it answers %d", response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, mostBytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > mostBytes {
		return nil, errTooLarge
	}
	return body, nil
}

func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
