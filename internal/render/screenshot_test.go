package render

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// pictured are the mails whose pictures are kept; all are laid out and measured.
var pictured = []string{"digest", "outcome", "prep", "receipt", "times"}

// TestScreenshots lays every mail to the owner out in a real browser, at a phone's width and wide, light and dark. What can
// be measured is: nothing is wider than the screen, every button can be hit with a thumb (44 px; WCAG 2.2, 2.5.8 asks for
// 24), no text is smaller than 14 px. What only an eye can judge is compared with the picture that a person looked at, kept
// in testdata/screenshots; -update keeps a new one.
func TestScreenshots(t *testing.T) {
	b := openBrowser(t)
	s := load(t)
	for name, page := range samplePages() {
		m, err := s.Owner(name, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, width := range []int{360, 1000} {
			for _, scheme := range []string{"light", "dark"} {
				shot := fmt.Sprintf("%s.%d.%s", name, width, scheme)
				t.Run(shot, func(t *testing.T) {
					b.show(t, m.HTML, width, scheme)
					measure(t, b, width)
					if slices.Contains(pictured, name) {
						likeKept(t, b.picture(t, width), shot)
					}
				})
			}
		}
	}
}

func measure(t *testing.T, b *browser, width int) {
	t.Helper()
	var got struct {
		Width   float64
		Buttons []struct {
			Text          string
			Width, Height float64
		}
		Small      []string
		Background string
	}
	b.ask(t, `({
		Width: document.documentElement.scrollWidth,
		Buttons: [...document.querySelectorAll("a")].map(a => {
			const r = a.getBoundingClientRect();
			return {Text: a.textContent, Width: r.width, Height: r.height};
		}),
		Small: [...document.querySelectorAll("p,h1,h2,td,a,span")].filter(e =>
			e.getClientRects().length && [...e.childNodes].some(n => n.nodeType == 3 && n.data.replace(/[\s\u00a0]/g, "")) &&
			parseFloat(getComputedStyle(e).fontSize) < 14).map(e => e.textContent),
		Background: getComputedStyle(document.body).backgroundColor,
	})`, &got)
	if got.Width > float64(width) {
		t.Errorf("the page is %v px wide on a screen of %d", got.Width, width)
	}
	for _, a := range got.Buttons {
		if a.Width < 44 || a.Height < 44 {
			t.Errorf("%q is %v × %v px", a.Text, a.Width, a.Height)
		}
	}
	for _, text := range got.Small {
		t.Errorf("smaller than 14 px: %q", text)
	}
}

func likeKept(t *testing.T, shot []byte, name string) {
	t.Helper()
	file := filepath.Join("testdata", "screenshots", name+".png")
	got, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		keep(t, got, file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (-update keeps one)", err)
	}
	want, err := png.Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if differ := unlike(got, want); differ > tolerance {
		out := filepath.Join(os.TempDir(), name+".png")
		if err := os.WriteFile(out, shot, 0o600); err != nil {
			t.Error(err)
		}
		t.Errorf("%.1f %% of the picture is not as in %s; the new one is %s. Look at both, and keep it with -update", 100*differ, file, out)
	}
}

// tolerance is what another release of the browser or of a font may change: the share of tiles that look otherwise. A
// missing button, another colour or a broken column change more.
const tolerance = 0.02

// unlike is the share of tiles of 12 px whose mean colour differs by more than an eye lets pass.
func unlike(a, b image.Image) float64 {
	const side = 12
	bounds := a.Bounds().Union(b.Bounds())
	tiles, differ := 0, 0
	for y := 0; y < bounds.Dy(); y += side {
		for x := 0; x < bounds.Dx(); x += side {
			tiles++
			p, q := mean(a, x, y, side), mean(b, x, y, side)
			for i := range p {
				if p[i]-q[i] > 20 || q[i]-p[i] > 20 {
					differ++
					break
				}
			}
		}
	}
	return float64(differ) / float64(tiles)
}

// mean is the mean colour of a tile; outside of the picture it is none that a picture has.
func mean(m image.Image, x, y, side int) [3]int {
	tile := image.Rect(x, y, x+side, y+side).Intersect(m.Bounds())
	if tile.Empty() {
		return [3]int{-255, -255, -255}
	}
	var sum [3]int
	for y := tile.Min.Y; y < tile.Max.Y; y++ {
		for x := tile.Min.X; x < tile.Max.X; x++ {
			r, g, b, _ := m.At(x, y).RGBA()
			sum[0], sum[1], sum[2] = sum[0]+int(r>>8), sum[1]+int(g>>8), sum[2]+int(b>>8)
		}
	}
	n := tile.Dx() * tile.Dy()
	return [3]int{sum[0] / n, sum[1] / n, sum[2] / n}
}

// keep writes the picture with at most 48 colours: a quarter of the bytes, and no difference that an eye sees.
func keep(t *testing.T, m image.Image, file string) {
	t.Helper()
	count := map[color.RGBA]int{}
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			r, g, b, _ := m.At(x, y).RGBA()
			count[color.RGBA{uint8(r>>8) &^ 7, uint8(g>>8) &^ 7, uint8(b>>8) &^ 7, 255}]++
		}
	}
	colours := make([]color.RGBA, 0, len(count))
	for c := range count {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.RGBA) int { return count[b] - count[a] })
	var palette color.Palette
	for _, c := range colours[:min(48, len(colours))] {
		palette = append(palette, color.RGBA{c.R | c.R>>5, c.G | c.G>>5, c.B | c.B>>5, 255})
	}
	kept := image.NewPaletted(m.Bounds(), palette)
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			kept.Set(x, y, m.At(x, y))
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, kept); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
