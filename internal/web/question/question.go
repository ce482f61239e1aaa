// Package question shows one question of any kind: as it is asked, with a form
// that needs no script, and afterwards with what was right and why. Papers,
// practice and previews all ask with it. It cannot import what knows the answers:
// it is given a sheet.Item before and a sheet.Reviewed after.
//
// With question.js each question is a <quiz-question> element that has the answer
// as a property and tells changes; without it the same markup is a plain form.
package question

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"

	"qibu/internal/web/ui"
	"qibu/quiz/sheet"
)

// asked is a question ready to be shown with the names of its form fields.
type asked struct {
	sheet.Item
	field   string         // prefix of the form fields, such as "q.0."
	misread bool           // places holds what was sent and could not be read
	places  map[string]int // order and hot: the place of each token, 0 when none is given
}

func newAsked(item sheet.Item, field string, misread *Form) asked {
	q := asked{Item: item, field: field, misread: misread != nil, places: map[string]int{}}
	for i, token := range item.Answer {
		q.places[token] = i + 1
	}
	if item.Kind == sheet.Order && len(item.Answer) > 0 {
		q.Options = inOrder(item)
	}
	if misread != nil {
		q.places = misread.places()
	}
	return q
}

// inOrder returns the options of an answered order question as they were placed.
func inOrder(item sheet.Item) []sheet.Option {
	options := slices.Clone(item.Options)
	slices.SortFunc(options, func(a, b sheet.Option) int {
		return slices.Index(item.Answer, a.Token) - slices.Index(item.Answer, b.Token)
	})
	return options
}

func (q asked) id() string               { return "q" + strconv.Itoa(q.Slot) }
func (q asked) chosen(token string) bool { return slices.Contains(q.Answer, token) }

// entry is what stands in the i-th input: nothing before there is an answer.
func (q asked) entry(i int) string {
	if i < len(q.Answer) {
		return q.Answer[i]
	}
	return ""
}

// labels are the ids of what names the question to a screen reader.
func (q asked) labels() string { return q.id() + "-kind " + q.id() + "-stem" }

// role is what a screen reader calls the group of a question's answers.
func (q asked) role() string {
	if q.Kind == sheet.Single || q.Kind == sheet.TrueFalse {
		return "radiogroup"
	}
	return "group"
}

// inputType is how a choice is made: one of several, or any of them.
func (q asked) inputType() string {
	if q.Kind == sheet.Multiple {
		return "checkbox"
	}
	return "radio"
}

// texts are what the script says of a question, as data attributes. {n}, {step}
// and {most} are filled in by the script.
func (q asked) texts(ctx context.Context) map[string]any {
	switch q.Kind {
	case sheet.Order:
		return map[string]any{"data-say-moved": ui.T(ctx, "question.moved", "step", "{step}", "n", "{n}")}
	case sheet.Hot:
		return map[string]any{
			"data-say-tapped":   ui.T(ctx, "question.tapped", "step", "{step}", "n", "{n}"),
			"data-say-untapped": ui.T(ctx, "question.untapped", "step", "{step}"),
		}
	case sheet.Text:
		return map[string]any{"data-say-count": ui.T(ctx, "question.count", "n", "{n}", "most", q.Most)}
	}
	return nil
}

// Kind says how a kind of question is answered.
func Kind(ctx context.Context, kind string) string {
	switch kind {
	case sheet.Multiple:
		return ui.T(ctx, "question.multiple")
	case sheet.TrueFalse:
		return ui.T(ctx, "question.true_false")
	case sheet.Order:
		return ui.T(ctx, "question.order")
	case sheet.Match:
		return ui.T(ctx, "question.match")
	case sheet.Fill:
		return ui.T(ctx, "question.fill")
	case sheet.Numeric:
		return ui.T(ctx, "question.numeric")
	case sheet.Hot:
		return ui.T(ctx, "question.hot")
	case sheet.Text:
		return ui.T(ctx, "question.text")
	}
	return ui.T(ctx, "question.single")
}

// storyID is the id of a case's situation on the page.
func storyID(n int) string { return "case-" + strconv.Itoa(n) }

// letter names the i-th place of a picture: A, B, C.
func letter(i int) string { return string(rune('A' + i%26)) }

// percent is a position in thousandths as SVG takes it.
func percent(thousandths int) string { return fmt.Sprintf("%d.%d%%", thousandths/10, thousandths%10) }

var tag = regexp.MustCompile(`<[^>]*>`)

// plain is the text of inline HTML, for labels that only speak.
func plain(inline string) string { return html.UnescapeString(tag.ReplaceAllString(inline, "")) }

// misreadText says what keeps a form from being read.
func misreadText(ctx context.Context, kind string) string {
	if kind == sheet.Hot {
		return ui.T(ctx, "question.mistapped")
	}
	return ui.T(ctx, "question.misplaced")
}
