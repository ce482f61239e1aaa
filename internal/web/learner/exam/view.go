package exam

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"qibu/internal/academy"
	"qibu/internal/calendar"
	"qibu/internal/web/ui"
	"qibu/quiz/sheet"
)

// clock is the form in which times of day are shown and compared.
const clock = "15:04"

// when says a coming time as people do: 今天 15:20, 明天 9:20, 12 月 3 日 9:20. It
// rounds up to the minute, so that what is promised at that minute holds.
func when(ctx context.Context, t, now time.Time) string {
	if late := t.Sub(t.Truncate(time.Minute)); late > 0 {
		t = t.Add(time.Minute - late)
	}
	at := strings.TrimPrefix(t.Format(clock), "0")
	switch calendar.DayOf(now, now.Location()).DaysUntil(calendar.DayOf(t, now.Location())) {
	case 0:
		return ui.T(ctx, "quiz.today", "time", at)
	case 1:
		return ui.T(ctx, "quiz.tomorrow", "time", at)
	case 2:
		return ui.T(ctx, "quiz.after_tomorrow", "time", at)
	}
	return ui.T(ctx, "quiz.day", "date", date(ctx, t), "time", at)
}

func date(ctx context.Context, t time.Time) string {
	if ui.Lang(ctx) == "en" {
		return t.Format("2 January")
	}
	return t.Format("1 月 2 日")
}

// span says how long something takes.
func span(ctx context.Context, d time.Duration) string {
	minutes, seconds := int(d/time.Minute), int(d%time.Minute/time.Second)
	if seconds == 0 {
		return ui.T(ctx, "quiz.minutes", "minutes", minutes)
	}
	return ui.T(ctx, "quiz.minutes_seconds", "minutes", minutes, "seconds", seconds)
}

// list joins slot numbers: 3、7、9.
func list(ctx context.Context, slots []int) string {
	texts := make([]string, len(slots))
	for i, s := range slots {
		texts[i] = strconv.Itoa(s)
	}
	return strings.Join(texts, ui.T(ctx, "quiz.list_join"))
}

// taking is an open attempt ready to show.
type taking struct {
	academy.OpenAttempt
	Questions []question
	Answered  int
}

// question is one question of the paper with the names of its form fields.
type question struct {
	sheet.Item
	Field     string         // prefix of the form fields, "q.0."
	Misplaced bool           // an order that could not be read
	Places    map[string]int // order questions: the place of each token, 0 when none is given
}

func newTaking(open academy.OpenAttempt, misplaced map[int]questionForm) taking {
	t := taking{OpenAttempt: open, Answered: len(open.Sheet.Items) - len(unanswered(open.Sheet))}
	for i, item := range open.Sheet.Items {
		q := question{Item: item, Field: fmt.Sprintf("q.%d.", i), Places: map[string]int{}}
		for place, token := range item.Answer {
			q.Places[token] = place + 1
		}
		if form, ok := misplaced[item.Slot]; ok {
			q.Misplaced, q.Places = true, form.places()
		}
		if item.Kind == sheet.Order && len(item.Answer) > 0 {
			q.Options = inOrder(item)
		}
		t.Questions = append(t.Questions, q)
	}
	return t
}

// places are the places as they were filled in, wrong as they may be.
func (q questionForm) places() map[string]int {
	places := map[string]int{}
	for i, token := range q.Token {
		if i < len(q.Place) {
			places[token], _ = strconv.Atoi(q.Place[i]) // nonsense shows as not placed
		}
	}
	return places
}

// inOrder returns the options of an answered order question as they were placed.
func inOrder(item sheet.Item) []sheet.Option {
	options := slices.Clone(item.Options)
	slices.SortFunc(options, func(a, b sheet.Option) int {
		return slices.Index(item.Answer, a.Token) - slices.Index(item.Answer, b.Token)
	})
	return options
}

func (q question) chosen(token string) bool { return slices.Contains(q.Answer, token) }

func (q question) id() string { return "q" + strconv.Itoa(q.Slot) }

// inputType is how a choice is made: one of several, or any of them.
func (q question) inputType() string {
	if q.Kind == sheet.Multiple {
		return "checkbox"
	}
	return "radio"
}

// kindText says how to answer a kind of question.
func kindText(ctx context.Context, kind string) string {
	switch kind {
	case sheet.Multiple:
		return ui.T(ctx, "quiz.multiple")
	case sheet.TrueFalse:
		return ui.T(ctx, "quiz.true_false")
	case sheet.Order:
		return ui.T(ctx, "quiz.order")
	}
	return ui.T(ctx, "quiz.single")
}

var tag = regexp.MustCompile(`<[^>]*>`)

// plain is the text of inline HTML, for labels that only speak.
func plain(inline string) string { return html.UnescapeString(tag.ReplaceAllString(inline, "")) }

// keptText says how safe the answers are when the page opens without a script.
func (t taking) keptText(ctx context.Context) string {
	if t.Answered > 0 {
		return ui.T(ctx, "quiz.kept_before")
	}
	return ui.T(ctx, "quiz.kept_plain")
}

// texts are what the script says, as data attributes of the page. {n} and {time}
// are filled in by the script.
func texts(ctx context.Context) map[string]any {
	said := map[string]any{}
	for name, text := range map[string]string{
		"left": ui.T(ctx, "quiz.time_left", "time", "{time}"), "last": ui.T(ctx, "quiz.time_last", "time", "{time}"),
		"over": ui.T(ctx, "quiz.time_over"), "minutes": ui.T(ctx, "quiz.minutes_left", "n", "{n}"),
		"kept": ui.T(ctx, "quiz.kept", "time", "{time}"), "keeping": ui.T(ctx, "quiz.keeping"),
		"ready":   ui.T(ctx, "quiz.kept_none"),
		"offline": ui.T(ctx, "quiz.offline"), "signed-out": ui.T(ctx, "quiz.signed_out"),
		"refused": ui.T(ctx, "quiz.refused"), "newer": ui.T(ctx, "quiz.newer", "n", "{n}"),
		"unsent": ui.T(ctx, "quiz.unsent"), "answered": ui.T(ctx, "quiz.answered"),
		"count": ui.T(ctx, "quiz.map_answered", "answered", "{n}", "n", "{of}"),
		"at":    ui.T(ctx, "quiz.map_at", "at", "{n}", "n", "{of}"),
		"moved": ui.T(ctx, "quiz.moved", "step", "{step}", "n", "{n}"),
		"join":  ui.T(ctx, "quiz.list_join"), "unanswered": ui.T(ctx, "quiz.unanswered", "n", "{n}", "list", "{list}"),
	} {
		said["data-say-"+name] = text
	}
	return said
}

// reread is a paragraph worth reading again and the questions that led there.
type reread struct {
	academy.ModuleLink
	Slots []int
}

// rereads collects where to read again after the questions not fully right.
func rereads(r academy.Result) []reread {
	var all []reread
	for i, item := range r.Items {
		link := r.Reviews[i]
		if item.Right || link.Title == "" {
			continue
		}
		known := slices.IndexFunc(all, func(o reread) bool { return o.Ref == link.Ref && o.HeadingID == link.HeadingID })
		if known < 0 {
			known, all = len(all), append(all, reread{ModuleLink: link})
		}
		all[known].Slots = append(all[known].Slots, item.Slot)
	}
	return all
}

func moduleURL(m academy.ModuleLink) string {
	if m.HeadingID == "" {
		return "/courses/" + m.Ref
	}
	return "/courses/" + m.Ref + "#" + m.HeadingID
}

func moduleName(ctx context.Context, m academy.ModuleLink) string {
	name := ui.Title(ctx, m.Title, m.TitleEN)
	if m.Heading == "" {
		return ui.T(ctx, "quiz.review_module", "module", name)
	}
	return ui.T(ctx, "quiz.review_heading", "module", name, "heading", ui.Quote(ctx, m.Heading))
}

// verdict is how one question went, as the tone, icon and word of a chip.
type verdict struct{ tone, icon, key string }

func verdictOf(item sheet.Reviewed) verdict {
	switch {
	case item.Right:
		return verdict{"ok", "check", "quiz.right"}
	case !slices.ContainsFunc(item.Options, func(o sheet.ReviewedOption) bool { return o.Chosen }):
		return verdict{"none", "circle", "quiz.blank"}
	case item.Points > 0:
		return verdict{"soon", "half", "quiz.partly"}
	}
	return verdict{"late", "cross", "quiz.wrong"}
}

// mark is the word beside an option of a reviewed question.
type mark struct{ Icon, Text string }

func choiceMark(ctx context.Context, o sheet.ReviewedOption) mark {
	switch {
	case o.Chosen && o.Right:
		return mark{"check", ui.T(ctx, "quiz.chosen") + " · " + ui.T(ctx, "quiz.right_one")}
	case o.Chosen:
		return mark{"cross", ui.T(ctx, "quiz.chosen")}
	case o.Right:
		return mark{"check", ui.T(ctx, "quiz.not_chosen")}
	}
	return mark{}
}

func orderMark(ctx context.Context, o sheet.ReviewedOption) mark {
	switch {
	case o.Right:
		return mark{"check", ui.T(ctx, "quiz.placed", "n", o.Place)}
	case o.Chosen:
		return mark{"cross", ui.T(ctx, "quiz.placed", "n", o.Place)}
	}
	return mark{"circle", ui.T(ctx, "quiz.not_placed")}
}

// role is what a screen reader calls the group of a question's answers.
func role(q question) string {
	if q.Kind == sheet.Single || q.Kind == sheet.TrueFalse {
		return "radiogroup"
	}
	return "group"
}
