package question_test

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"qibu/internal/academy"
	"qibu/internal/i18n"
	"qibu/internal/web/question"
	"qibu/internal/web/ui"
	"qibu/quiz/sheet"
)

func show(t interface{ Fatal(...any) }, lang string, item sheet.Item, misread *question.Form) string {
	var b strings.Builder
	if err := question.Ask(item, "q.0.", misread).Render(ui.WithText(context.Background(), i18n.For(lang)), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sent is the form as a browser without scripts sends it.
func sent(t interface{ Fatal(...any) }, page string) question.Form {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	values := url.Values{}
	for n := range doc.Descendants() {
		a := map[string]string{}
		for _, attr := range n.Attr {
			a[attr.Key] = attr.Val
		}
		_, checked := a["checked"]
		name := strings.TrimPrefix(a["name"], "q.0.")
		switch {
		case name == "":
		case n.Data == "select":
			values.Add(name, selected(n))
		case n.Data == "textarea":
			values.Add(name, strings.ReplaceAll(n.FirstChild.Data, "\n", "\r\n"))
		case a["type"] != "radio" && a["type"] != "checkbox" || checked:
			values.Add(name, a["value"])
		}
	}
	slot, _ := strconv.Atoi(values.Get("slot"))
	seq, _ := strconv.ParseInt(values.Get("seq"), 10, 64)
	return question.Form{
		Slot: slot, Seq: seq, Choice: values["choice"], Token: values["token"], Place: values["place"], Tap: values["tap"],
		Row: values["row"], Entry: values["entry"], Unit: values.Get("unit"), Units: values.Get("units") == "true",
	}
}

func selected(list *html.Node) (value string) {
	for n := range list.Descendants() {
		for _, attr := range n.Attr {
			if attr.Key == "selected" {
				value = n.Attr[0].Val
			}
		}
	}
	return value
}

var kinds = []string{
	sheet.Single, sheet.Multiple, sheet.TrueFalse, sheet.Order, sheet.Match, sheet.Fill, sheet.Numeric, sheet.Hot, sheet.Text,
}

// anyItem draws a question of any kind with an answer that fits it.
func anyItem(t *rapid.T) sheet.Item {
	item := sheet.Item{
		Slot: rapid.IntRange(1, 30).Draw(t, "slot"), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Stem: "<p>题</p>", Points: 2,
		Seq: rapid.Int64Range(1, 99).Draw(t, "seq"), Most: 500, Picture: &sheet.Picture{Source: "img/a.svg", Width: 10, Height: 10},
		Rows: []string{"左一", "左二"}, Pieces: []string{"<p>先", "后", "</p>"}, Units: []string{"天", "小时"},
	}
	var tokens []string
	for i := range 4 {
		tokens = append(tokens, fmt.Sprintf("token-%d", i))
		item.Options = append(item.Options, sheet.Option{Token: tokens[i], Text: fmt.Sprintf("选<em>%d</em>", i), X: 100 * i, Y: 505})
	}
	some := rapid.Permutation(tokens).Draw(t, "tokens")
	text := rapid.StringMatching(`[^\s\x00-\x1f][^\x00-\x09\x0b-\x1f]{0,20}`).Filter(func(s string) bool {
		return strings.TrimSpace(s) != "" // nothing but space, of whatever script, is no answer
	})
	switch item.Kind {
	case sheet.Order:
		item.Answer = some
	case sheet.Hot:
		item.Answer = some[:rapid.IntRange(1, 4).Draw(t, "tapped")]
	case sheet.Match:
		item.Answer = sheet.Answer{some[0], rapid.SampledFrom([]string{"", some[0], some[1]}).Draw(t, "second")}
	case sheet.Multiple:
		item.Answer = sheet.Answer{tokens[0], tokens[2]} // boxes are sent in the order they stand in
	case sheet.Fill:
		item.Answer = sheet.Answer{strings.ReplaceAll(text.Draw(t, "blank"), "\n", ""), ""}
	case sheet.Numeric:
		item.Answer = sheet.Answer{"1/3", rapid.SampledFrom([]string{"", "天", "小时"}).Draw(t, "unit")}
	case sheet.Text:
		item.Answer = sheet.Answer{text.Draw(t, "text")}
	default:
		item.Answer = some[:1]
	}
	return item
}

// What was saved stands in the form, and the form as it stands says the same again.
func TestTheFormSaysWhatWasSaved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		item := anyItem(t)
		form := sent(t, show(t, "zh", item, nil))
		got, ok := form.Answer()
		if diff := cmp.Diff(item.Answer, got); diff != "" || !ok || form.Slot != item.Slot || form.Seq != item.Seq {
			t.Fatalf("%s, read %v, slot %d, number %d (-saved +sent):\n%s", item.Kind, ok, form.Slot, form.Seq, diff)
		}
	})
}

// A form that was left alone is no answer, whatever the kind.
func TestABlankFormIsNoAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		item := anyItem(t)
		item.Answer, item.Seq = nil, 0
		if got, ok := sent(t, strings.ReplaceAll(show(t, "zh", item, nil), "></textarea>", ">\n\n</textarea>")).Answer(); len(got) > 0 || !ok {
			t.Fatalf("%s: %q, %v", item.Kind, got, ok)
		}
	})
}

func TestFormsThatCannotBeRead(t *testing.T) {
	tokens := []string{"a", "b", "c"}
	for name, c := range map[string]struct {
		form question.Form
		want sheet.Answer
		ok   bool
	}{
		"a place twice":         {question.Form{Token: tokens, Place: []string{"1", "1", "2"}}, nil, false},
		"a place left out":      {question.Form{Token: tokens, Place: []string{"1", "", "2"}}, nil, false},
		"a place beyond":        {question.Form{Token: tokens, Place: []string{"1", "2", "4"}}, nil, false},
		"no number":             {question.Form{Token: tokens, Place: []string{"1", "2", "x"}}, nil, false},
		"places missing":        {question.Form{Token: tokens, Place: []string{"1"}}, nil, false},
		"tapped with a gap":     {question.Form{Token: tokens, Tap: []string{"1", "", "3"}}, nil, false},
		"tapped twice as first": {question.Form{Token: tokens, Tap: []string{"1", "", "1"}}, nil, false},
		"two of three tapped":   {question.Form{Token: tokens, Tap: []string{"2", "", "1"}}, sheet.Answer{"c", "a"}, true},
		"in order":              {question.Form{Token: tokens, Place: []string{"3", "1", "2"}}, sheet.Answer{"b", "c", "a"}, true},
		"a unit without figure": {question.Form{Entry: []string{" "}, Units: true, Unit: "天"}, nil, true},
	} {
		got, ok := c.form.Answer()
		if ok != c.ok || ok && cmp.Diff(c.want, got) != "" {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
}

// A form that could not be read comes back as it was filled in, and says so.
func TestMisreadFormsComeBack(t *testing.T) {
	for kind, places := range map[string]func(*question.Form) *[]string{
		sheet.Order: func(f *question.Form) *[]string { return &f.Place },
		sheet.Hot:   func(f *question.Form) *[]string { return &f.Tap },
	} {
		item := sheet.Item{Slot: 1, Kind: kind, Picture: &sheet.Picture{}, Options: []sheet.Option{{Token: "a"}, {Token: "b"}, {Token: "c"}}}
		form := question.Form{Token: []string{"a", "b", "c"}}
		*places(&form) = []string{"2", "2", ""}
		page := show(t, "zh", item, &form)
		again := sent(t, page)
		if diff := cmp.Diff([]string{"2", "2", ""}, *places(&again)); diff != "" || !strings.Contains(page, `role="alert"`) {
			t.Errorf("%s (-filled in +shown):\n%s", kind, diff)
		}
	}
}

// What people write is text, in the form and afterwards.
func TestWhatIsWrittenIsText(t *testing.T) {
	const written = `<script>alert("1")</script>`
	for _, kind := range []string{sheet.Fill, sheet.Numeric, sheet.Text} {
		page := show(t, "en", sheet.Item{Kind: kind, Pieces: []string{"a", "b"}, Most: 9, Answer: sheet.Answer{written}}, nil)
		var b strings.Builder
		reviewed := sheet.Reviewed{Kind: kind, Pieces: []string{"a", "b"}, Comment: written, Entries: []sheet.ReviewedEntry{{Given: written, Accept: []string{written}}}}
		if err := question.Review(reviewed, academy.ModuleLink{}).Render(ui.WithText(t.Context(), i18n.For("en")), &b); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(page+b.String(), "<script") || !strings.Contains(page, "&lt;script&gt;") || !strings.Contains(b.String(), "&lt;script&gt;") {
			t.Errorf("%s: markup that somebody wrote is in the page", kind)
		}
	}
}

// Every kind tells afterwards how it went, also when nothing was given.
func TestVerdicts(t *testing.T) {
	right := map[string]sheet.Reviewed{
		sheet.Single:  {Options: []sheet.ReviewedOption{{Text: "甲", Chosen: true, Right: true}}},
		sheet.Order:   {Options: []sheet.ReviewedOption{{Text: "甲", Chosen: true, Right: true, Place: 1, RightPlace: 1}}},
		sheet.Hot:     {Picture: &sheet.Picture{}, Options: []sheet.ReviewedOption{{Text: "甲", Chosen: true, Right: true, Place: 1, RightPlace: 1}}},
		sheet.Match:   {Rows: []sheet.ReviewedRow{{Text: "左", Chosen: "右", Want: "右", Right: true}}},
		sheet.Fill:    {Pieces: []string{"a", "b"}, Entries: []sheet.ReviewedEntry{{Given: "55%", Right: true}}},
		sheet.Numeric: {Entries: []sheet.ReviewedEntry{{Given: "3 小时", Right: true}}},
		sheet.Text:    {Entries: []sheet.ReviewedEntry{{Given: "对不起"}}, Criteria: []sheet.ReviewedCriterion{{Text: "道歉", Points: 2, Max: 2}}},
	}
	chip := func(item sheet.Reviewed) string {
		var b strings.Builder
		if err := question.Review(item, academy.ModuleLink{}).Render(ui.WithText(t.Context(), i18n.For("zh")), &b); err != nil {
			t.Fatal(err)
		}
		_, after, _ := strings.Cut(b.String(), "</svg>")
		word, _, _ := strings.Cut(after, "</span>")
		return strings.TrimSpace(word)
	}
	for kind, item := range right {
		item.Kind, item.Max = kind, 2
		item.Points, item.Right = 2, true
		partly := item
		partly.Points, partly.Right = 1, false
		wrong := partly
		wrong.Points = 0
		pending := wrong
		pending.Pending = true
		blank := sheet.Reviewed{Kind: kind, Max: 2, Picture: &sheet.Picture{}}
		got := []string{chip(item), chip(partly), chip(wrong), chip(pending), chip(blank)}
		if diff := cmp.Diff([]string{"答对了", "对了一部分", "答错了", "待阅卷", "没有作答"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
}
