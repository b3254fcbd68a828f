package render

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// browser is a headless Chromium, spoken to by the DevTools protocol over two pipes: no port, no driver, no dependency.
type browser struct {
	to      *os.File
	from    *bufio.Reader
	id      int
	session string
	frame   string
}

// openBrowser skips the test where there is no Chromium, and fails it where the gate requires one.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		if os.Getenv("ASKWELL_LAB") == "required" {
			t.Fatal("no Chromium here, and ASKWELL_LAB=required")
		}
		t.Skip("no Chromium here")
	}
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	c := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
		"--remote-debugging-pipe", "--user-data-dir="+filepath.Join(home, "profile"))
	c.Env = append(os.Environ(), "HOME="+home)
	c.ExtraFiles = []*os.File{theirIn, theirOut} // its file descriptors 3 and 4
	if err := c.Start(); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	_ = theirIn.Close()
	_ = theirOut.Close()
	t.Cleanup(func() {
		_ = ourOut.Close() // it ends when its pipe does
		_ = ourIn.Close()
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	b := &browser{to: ourOut, from: bufio.NewReaderSize(ourIn, 1<<20)}
	var target struct{ TargetID string }
	b.call(t, "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call(t, "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	var tree struct {
		FrameTree struct{ Frame struct{ ID string } }
	}
	b.call(t, "Page.getFrameTree", nil, &tree)
	b.frame = tree.FrameTree.Frame.ID
	return b
}

// call sends one command and reads on to its answer; events in between are of no interest.
func (b *browser) call(t *testing.T, method string, params, result any) {
	t.Helper()
	b.id++
	text, err := json.Marshal(struct {
		ID      int    `json:"id"`
		Method  string `json:"method"`
		Params  any    `json:"params,omitempty"`
		Session string `json:"sessionId,omitempty"`
	}{b.id, method, params, b.session})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.to.Write(append(text, 0)); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	for {
		line, err := b.from.ReadBytes(0)
		if err != nil {
			t.Fatalf("%s: the browser hung up: %v", method, err)
		}
		var answer struct {
			ID     int
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		if err := json.Unmarshal(line[:len(line)-1], &answer); err != nil {
			t.Fatalf("%s: %v", method, err)
		}
		switch {
		case answer.ID != b.id:
		case answer.Error != nil:
			t.Fatalf("%s: %s", method, answer.Error.Message)
		case result == nil:
			return
		default:
			if err := json.Unmarshal(answer.Result, result); err != nil {
				t.Fatalf("%s: %v", method, err)
			}
			return
		}
	}
}

// show lays a page out at a width, in the light or the dark scheme.
func (b *browser) show(t *testing.T, html string, width int, scheme string) {
	t.Helper()
	b.call(t, "Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 640, "deviceScaleFactor": 1, "mobile": width < 500}, nil)
	b.call(t, "Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
	b.call(t, "Page.setDocumentContent", map[string]any{"frameId": b.frame, "html": html}, nil)
}

// ask evaluates an expression on the page.
func (b *browser) ask(t *testing.T, expression string, result any) {
	t.Helper()
	var answer struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Text string }
	}
	b.call(t, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &answer)
	if answer.ExceptionDetails != nil {
		t.Fatalf("%s: %s", expression, answer.ExceptionDetails.Text)
	}
	if err := json.Unmarshal(answer.Result.Value, result); err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
}

// picture is the whole page as PNG.
func (b *browser) picture(t *testing.T, width int) []byte {
	t.Helper()
	var height float64
	b.ask(t, "document.documentElement.getBoundingClientRect().height", &height)
	if height < 100 || height > 8000 {
		t.Fatalf("the page is %v px high", height)
	}
	var answer struct{ Data []byte }
	b.call(t, "Page.captureScreenshot", map[string]any{
		"captureBeyondViewport": true,
		"clip":                  map[string]any{"x": 0, "y": 0, "width": width, "height": height, "scale": 1},
	}, &answer)
	if len(answer.Data) == 0 {
		t.Fatal("the browser gave no picture")
	}
	return answer.Data
}
