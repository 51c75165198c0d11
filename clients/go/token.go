package streamer

import "context"

// TokenSource gives a token, a JWT. It is asked before each connect, and anew when a token was refused.
// Tokens are sent in the header Authorization, and never logged.
type TokenSource interface {
	Token(ctx context.Context) (string, error)
}

// TokenFunc is a function that gives tokens. Its context ends when the token is not needed any more.
type TokenFunc func(ctx context.Context) (string, error)

// Token calls the function.
func (f TokenFunc) Token(ctx context.Context) (string, error) {
	return f(ctx)
}

// StaticToken is one token for ever: where it is refused, the connection is closed for good.
type StaticToken string

// Token gives the token itself.
func (t StaticToken) Token(context.Context) (string, error) {
	return string(t), nil
}

// String keeps the token out of logs.
func (t StaticToken) String() string {
	return "StaticToken(…)"
}

// GoString keeps the token out of logs.
func (t StaticToken) GoString() string {
	return t.String()
}
