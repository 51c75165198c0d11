// Package streamer is the client of Streamer's gateway: requests, jobs with progress and events, and
// a connection that comes back by itself.
//
//	client := streamer.New("wss://api.example.com/ws", streamer.Options{Token: streamer.TokenFunc(fetchToken)})
//	defer client.Close()
//	report, err := streamer.Request[Report](ctx, client, "generate_report", wanted).Wait(ctx)
//
// Everything here may be used by any number of goroutines at once.
package streamer
