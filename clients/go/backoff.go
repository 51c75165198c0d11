package streamer

import (
	"net/http"
	"time"
)

const longestWait = 30 * time.Second

// comeback is whether and how a client comes back.
type comeback int

const (
	// backJitter: after a random time up to half a second, doubling.
	backJitter comeback = iota
	// backNow: at once.
	backNow
	// backRestart: after a random time up to a second, doubling.
	backRestart
	// backSlow: after at least a second.
	backSlow
	// backToken: at once with a new token.
	backToken
	// backNever: not at all.
	backNever
)

// The codes with which sockets are closed.
const (
	closedNormally = 1000
	closedWithout  = 1006
	closedExpired  = 4401
	closedSilent   = 4408
	closedProtocol = 1002
)

var byCode = map[int]comeback{
	closedNormally: backNever,
	1001:           backNow,
	closedProtocol: backNever,
	1003:           backNever,
	1007:           backNever,
	1009:           backNever,
	1012:           backRestart,
	1013:           backSlow,
	closedExpired:  backToken,
	4403:           backNever,
	closedSilent:   backNow,
	4429:           backSlow,
	4503:           backNever,
}

var byStatus = map[int]comeback{
	http.StatusUnauthorized:       backToken,
	http.StatusForbidden:          backNever,
	http.StatusTooManyRequests:    backSlow,
	http.StatusServiceUnavailable: backSlow,
}

// comebackFrom tells how to come back from a close, or from a handshake that was refused with a status.
func comebackFrom(code, status int) comeback {
	if status != 0 {
		return byStatus[status]
	}
	return byCode[code]
}

// wait gives the time to the next try, behind so many that led to no lasting connection.
func (how comeback) wait(tries int, random float64) time.Duration {
	if (how == backNow || how == backToken) && tries == 0 {
		return 0
	}
	var least time.Duration
	first := 500 * time.Millisecond
	switch how {
	case backSlow:
		least, first = time.Second, 2*time.Second
	case backRestart:
		first = time.Second
	case backJitter, backNow, backToken, backNever:
	}
	// beyond this the longest wait is reached, whatever comes first
	most := min(longestWait, first<<min(tries, 10))
	return least + time.Duration(random*float64(most-least))
}
