package courses

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"qibu/internal/markdown"
)

// section is a section for tests; its id is its title.
func section(title, text string) markdown.Section {
	return markdown.Section{Heading: markdown.Heading{ID: title, Text: title, Level: 2}, Text: text}
}

func shelf() *Catalogue {
	return NewCatalogue([]*Course{{Slug: "steps", Modules: []*Module{
		{
			Course: "steps", Slug: "appointment", Title: "预约", TitleEN: "Appointment by phone",
			Objectives: []string{"把预约谈定", "备齐六样"},
			Body: markdown.Document{Sections: []markdown.Section{
				{Text: "电话响了三声。"},
				section("接电话", "先报店名，再问车。客户说要保养，4S店先看工位。"),
				section("备件准备", "前一天确认备件。ＡＢＣ三类备件分开放，ABS 传感器另放。"),
			}},
		},
		{
			Course: "steps", Slug: "walk", Title: "环车检查与三件套", TitleEN: "Walk-around",
			Objectives: []string{"先铺后查"},
			Body: markdown.Document{Sections: []markdown.Section{
				section("三件套", "当着客户的面铺座椅套。客户看见了才放心。"),
				section("预约过的车", "预约的车先接。预检约好时间。客户的名字先记住。客户、客户、客户。"),
			}},
		},
	}}}, nil)
}

func places(hits []Hit) []string {
	var out []string
	for _, h := range hits {
		out = append(out, h.Module.Slug+"#"+h.Heading.ID)
	}
	return out
}

func TestSearch(t *testing.T) {
	x := NewIndex(shelf())
	tests := []struct {
		name, query string
		want        []string
	}{
		{"two characters: title before heading before body", "预约", []string{"appointment#", "walk#预约过的车"}},
		{"the more often the better", "客户", []string{"walk#预约过的车", "walk#三件套", "appointment#接电话"}},
		{"heading before body", "备件", []string{"appointment#备件准备"}},
		{"three characters must stand together", "预约车", nil},
		{"characters of a pair must be neighbours", "预检约", []string{"walk#预约过的车"}},
		{"a phrase does not run over punctuation", "店名再问", nil},
		{"mixed Latin and Chinese", "4S店", []string{"appointment#接电话"}},
		{"small letters", "4s店", []string{"appointment#接电话"}},
		{"full-width query", "４Ｓ店", []string{"appointment#接电话"}},
		{"full-width text", "abc", []string{"appointment#备件准备"}},
		{"full-width both", "ＡＢＣ", []string{"appointment#备件准备"}},
		{"Latin word in a title", "Phone", []string{"appointment#"}},
		{"Latin words are whole", "pho", nil},
		{"hyphens separate words", "walk-around", []string{"walk#"}},
		{"every word must be found", "备件 ABS", []string{"appointment#备件准备"}},
		{"every word must be found, and one is not", "备件 座椅", nil},
		{"words of the title count for its sections", "三件套 放心", []string{"walk#三件套"}},
		{"words of the title that the section lacks", "环车 放心", []string{"walk#三件套"}},
		{"words of the objectives do not count for sections", "六样 备件", nil},
		{"words of the title alone do not", "环车 检查", []string{"walk#"}},
		{"objectives", "六样", []string{"appointment#"}},
		{"text before the first heading", "三声", []string{"appointment#"}},
		{"one character: titles and headings only", "车", []string{"walk#", "walk#预约过的车"}},
		{"one character that is only in body text", "面", nil},
		{"one Latin letter", "a", nil},
		{"punctuation around words", "《预约》！", []string{"appointment#", "walk#预约过的车"}},
		{"nothing there", "保险理赔", nil},
		{"no words", " ，。!? ", nil},
		{"empty", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, places(x.Search(tt.query, 10))); diff != "" {
				t.Errorf("Search(%q) (-want +got):\n%s", tt.query, diff)
			}
		})
	}
}

func TestSearchLimit(t *testing.T) {
	x := NewIndex(shelf())
	all := x.Search("客户", 10)
	for limit := range len(all) + 2 {
		want := all[:min(limit, len(all))]
		if got := x.Search("客户", limit); !slices.Equal(places(got), places(want)) {
			t.Errorf("limit %d: %v, want %v", limit, places(got), places(want))
		}
	}
	if got := x.Search("客户", -1); got != nil {
		t.Errorf("limit -1: %v", got)
	}
}

func TestSearchLooksAtTheBeginningOfALongQuery(t *testing.T) {
	x := NewIndex(shelf())
	long := "预约" + strings.Repeat(" ", maxQuery) + strings.Repeat("没有的词", 2500)
	if got := places(x.Search(long, 1)); !slices.Equal(got, []string{"appointment#"}) {
		t.Errorf("a query of %d characters found %v", utf8.RuneCountInString(long), got)
	}
	if n := len(termsOf("一 二 三 四 五 六 七 八 九 十")); n != maxTerms {
		t.Errorf("%d terms of ten, want %d", n, maxTerms)
	}
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("前", 50) + "三件套" + strings.Repeat("后", 80)
	tests := []struct {
		name, body string
		terms      []string
		want       string
	}{
		{"short text is shown whole", "先铺\n三件套。", []string{"三件套"}, "先铺 三件套。"},
		{"the word in the middle", long, []string{"三件套"}, "…" + strings.Repeat("前", 16) + "三件套" + strings.Repeat("后", 45) + "…"},
		{"the first of several words", long, []string{"后后", "三件套"}, "…" + strings.Repeat("前", 16) + "三件套" + strings.Repeat("后", 45) + "…"},
		{"the word is not in the body", long, []string{"标题"}, strings.Repeat("前", 50) + "三件套" + strings.Repeat("后", 11) + "…"},
		{"folding changes lengths", strings.Repeat("㎏", 40) + "ＡＢＣ", []string{"abc"}, "…" + strings.Repeat("㎏", 16) + "ＡＢＣ"},
		{"empty", "", []string{"x"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := snippet(tt.body, tt.terms); got != tt.want {
				t.Errorf("snippet\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// FuzzSearch checks every hit against the plain definition: each word of the
// query stands in the section or in its module's title.
func FuzzSearch(f *testing.F) {
	x := NewIndex(shelf())
	for _, q := range []string{"预约", "4S店 客户", "ＡＢＣ", "车", "walk-around", "e\u0301", "\xff客户", strings.Repeat("客户", 5000)} {
		f.Add(q, 5)
	}
	f.Fuzz(func(t *testing.T, query string, limit int) {
		hits := x.Search(query, limit)
		if len(hits) > max(limit, 0) {
			t.Fatalf("%d hits, limit %d", len(hits), limit)
		}
		for i, h := range hits {
			if h.Score <= 0 || i > 0 && hits[i-1].Score < h.Score {
				t.Errorf("hit %d has score %d", i, h.Score)
			}
			if !utf8.ValidString(h.Snippet) || utf8.RuneCountInString(h.Snippet) > snippetLength+2 {
				t.Errorf("snippet %q", h.Snippet)
			}
			text := foldAll(h.Module.Title + "\n" + h.Module.TitleEN)
			for _, s := range h.Module.Body.Sections {
				if s.Heading == h.Heading {
					text += foldAll("\n" + s.Heading.Text + "\n" + s.Text)
				}
			}
			if h.Heading.ID == "" {
				text += foldAll("\n" + strings.Join(h.Module.Objectives, "\n"))
			}
			for _, term := range termsOf(query) {
				if !strings.Contains(text, term) {
					t.Errorf("%q is not in %s#%s", term, h.Module.Slug, h.Heading.ID)
				}
			}
		}
	})
}

// foldAll is what fold does, said in another way.
func foldAll(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

// library is a catalogue of the full curriculum's size: 12 courses of 4 modules.
func library() *Catalogue {
	var courses []*Course
	for c := range 12 {
		course := &Course{Slug: fmt.Sprint("c", c), Order: c}
		for m := range 4 {
			module := &Module{Course: course.Slug, Slug: fmt.Sprint("m", m), Title: fmt.Sprintf("第%d课环车检查", m)}
			for s := range 6 {
				text := strings.Repeat(fmt.Sprintf("当着客户的面铺好座椅防尘套，第%d台车预约到店，4S店先看工位。", c*m*s), 10)
				module.Body.Sections = append(module.Body.Sections, section(fmt.Sprint("段落", s), text))
			}
			course.Modules = append(course.Modules, module)
		}
		courses = append(courses, course)
	}
	return NewCatalogue(courses, nil)
}

func BenchmarkSearch(b *testing.B) {
	x := NewIndex(library())
	for name, query := range map[string]string{"common": "客户", "phrase": "座椅防尘套", "mixed": "4S店 预约", "none": "保险理赔"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Search(query, 20)
			}
		})
	}
}

func BenchmarkNewIndex(b *testing.B) {
	c := library()
	for b.Loop() {
		NewIndex(c)
	}
}
