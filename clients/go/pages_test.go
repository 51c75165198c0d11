package streamer

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// flat gives a text without what indents its lines.
func flat(text string) string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestWhatThePagesShowIsWhatTheExamplesHave(t *testing.T) {
	examples := flat(read(t, "example_test.go"))
	for _, page := range []string{"README.md", "../../docs/client-go.md"} {
		snippets := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(read(t, page), -1)
		if len(snippets) == 0 {
			t.Fatal(page, " shows nothing")
		}
		for _, snippet := range snippets {
			if !strings.Contains(examples, flat(snippet[1])) {
				t.Errorf("%s: no example has\n%s", page, snippet[1])
			}
		}
	}
}

func TestEveryCodeAndOptionOfTheClientIsOnItsPage(t *testing.T) {
	page := read(t, "../../docs/client-go.md")
	codes := regexp.MustCompile(`(?m)^\tCode\w+ += "([A-Z_]+)"`).FindAllStringSubmatch(read(t, "error.go"), -1)
	options := regexp.MustCompile(`(?m)^func ([A-Z]\w+)\(.*\) (Request|Attach|Follow)Option`).FindAllStringSubmatch(read(t, "options.go"), -1)
	if len(codes) != 10 || len(options) != 16 {
		t.Fatalf("%d codes, %d options", len(codes), len(options))
	}
	for _, found := range append(codes, options...) {
		if !strings.Contains(page, "`"+found[1]) {
			t.Errorf("%s is not there", found[1])
		}
	}
}

func TestTheCoreDoesNoIO(t *testing.T) {
	forbidden := regexp.MustCompile(`"(net|net/http|os|sync|context|math/rand.*|github.com/coder/websocket)"|time\.(Now|AfterFunc|NewTimer|Sleep)|\bgo func`)
	for _, file := range []string{"asks.go", "core.go", "env.go", "events.go", "frames.go", "job.go", "line.go", "link.go"} {
		if found := forbidden.FindString(read(t, file)); found != "" {
			t.Errorf("%s has %s", file, found)
		}
	}
}
