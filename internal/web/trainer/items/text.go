package items

import (
	"context"
	"fmt"
	"html"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
	"qibu/quiz/sheet"
)

func num(n int) string { return strconv.Itoa(n) }

// nothing stands where there is no figure.
const nothing = "—"

// percent shows a share of one in whole percent.
func percent(share float64) string {
	if math.IsNaN(share) {
		return nothing
	}
	return fmt.Sprintf("%.0f%%", 100*share)
}

// figure shows a figure with so many decimals and a true minus.
func figure(x float64, decimals int) string {
	if math.IsNaN(x) {
		return nothing
	}
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return strings.Replace(text, "-", "−", 1)
}

// seconds shows how long a question took.
func seconds(ctx context.Context, d time.Duration) string {
	if d <= 0 {
		return nothing
	}
	return ui.T(ctx, "items.seconds", "n", fmt.Sprintf("%.0f", d.Seconds()))
}

// margin is how far a score may be off, either way.
func margin(ctx context.Context, sem float64) string {
	if math.IsNaN(sem) {
		return nothing
	}
	return ui.T(ctx, "items.sem_value", "n", figure(sem, 0))
}

// letter names an option as papers do.
func letter(option int) string {
	if option < 26 {
		return string(rune('A' + option))
	}
	return num(option + 1)
}

var tag = regexp.MustCompile(`<[^>]*>`)

// stem is the text of a question in one line.
func stem(q sheet.Reviewed) string {
	text := q.Stem
	if q.Kind == sheet.Fill {
		text = strings.Join(q.Pieces, " ____ ")
	}
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(text, " "))), " ")
}

// flagText says a flag in one line.
func flagText(ctx context.Context, l academy.ItemFigures, f academy.ItemFlag) string {
	if f.Code != "unused" {
		return ui.T(ctx, "items.flag_"+f.Code)
	}
	if l.Options[f.Option].N == 0 {
		return ui.T(ctx, "items.flag_unused", "option", letter(f.Option))
	}
	return ui.T(ctx, "items.flag_scarce", "option", letter(f.Option))
}

// flagTone is how grave a flag looks.
func flagTone(code string) string {
	switch code {
	case "key":
		return "late"
	case "guess", "flat", "hard":
		return "soon"
	}
	return "off"
}

// reliability says what a reliability is good for. 0.8 and 0.7 are Nunnally and
// Bernstein's (Psychometric Theory, 1994) for research, which certifying in a shop
// with retakes, a practical and a second person may go by.
func reliability(ctx context.Context, alpha float64) string {
	switch {
	case math.IsNaN(alpha):
		return ui.T(ctx, "items.unknown")
	case alpha >= 0.8:
		return ui.T(ctx, "items.alpha_good")
	case alpha >= 0.6:
		return ui.T(ctx, "items.alpha_fair")
	}
	return ui.T(ctx, "items.alpha_poor")
}

// above says how who chose an option did otherwise, in percentage points.
func above(ctx context.Context, o academy.OptionFigures) string {
	switch points := math.Round(100 * o.Above); {
	case o.N == 0:
		return nothing
	case points > 0:
		return ui.T(ctx, "items.option_above_value", "n", int(points))
	case points < 0:
		return ui.T(ctx, "items.option_below_value", "n", int(-points))
	}
	return ui.T(ctx, "items.option_same_value")
}

// odds says a small chance as people say it.
func odds(ctx context.Context, p float64) string {
	switch {
	case p < 1e-6:
		return ui.T(ctx, "items.chance_below")
	case p < 0.01:
		return ui.T(ctx, "items.chance_about", "n", int(math.Round(1/p)))
	}
	return ui.T(ctx, "items.chance_percent", "n", percent(p))
}

// chooses reports whether a question is answered by choosing among its options.
func chooses(q academy.PanelQuestion) bool {
	return q.Shown.Kind == sheet.Single || q.Shown.Kind == sheet.Multiple || q.Shown.Kind == sheet.TrueFalse
}

// compared says how a recommended pass mark stands to the one in force. Within a
// standard error, and within half a point, they are the same.
func compared(ctx context.Context, cut academy.CutScore, pass int) string {
	difference := cut.Score - float64(pass)
	key := "angoff.cut_higher"
	if difference < 0 {
		key = "angoff.cut_lower"
	}
	if math.Abs(difference) <= max(cut.SE, 0.5) {
		key = "angoff.cut_same"
	}
	return ui.T(ctx, key, "pass", pass, "n", figure(math.Abs(difference), 1))
}
