package exam

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"qibu/internal/academy"
	"qibu/internal/calendar"
	"qibu/internal/web/question"
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
	Questions []asked
	Answered  int
	At        int // the question shown where one is asked at a time, else 0
}

// asked is one question of the paper with the names of its form fields.
type asked struct {
	sheet.Item
	Field   string         // prefix of the form fields, "q.0."
	Misread *question.Form // what was sent and could not be read
}

// newTaking makes an open attempt ready to show. at is the question to show where
// one is asked at a time; its situation comes with it.
func newTaking(open academy.OpenAttempt, at int, misread map[int]*question.Form) taking {
	t := taking{OpenAttempt: open, Answered: len(open.Sheet.Items) - len(unanswered(open.Sheet))}
	if open.OneByOne {
		t.At = min(max(at, 1), len(open.Sheet.Items))
	}
	stories := map[int]string{}
	for i, item := range open.Sheet.Items {
		if item.Story != "" {
			stories[item.Case] = item.Story
		}
		if item.Slot == t.At {
			item.Story = stories[item.Case]
		}
		t.Questions = append(t.Questions, asked{Item: item, Field: fmt.Sprintf("q.%d.", i), Misread: misread[item.Slot]})
	}
	return t
}

// shown are the questions on this page.
func (t taking) shown() []asked {
	if t.At > 0 {
		return t.Questions[t.At-1 : t.At]
	}
	return t.Questions
}

// turn is the attribute that takes Left and Right to the questions beside.
func (t taking) turn(slot int) map[string]any {
	if step := slot - t.At; step == 1 || step == -1 {
		return map[string]any{"data-beside": strconv.Itoa(step)}
	}
	return nil
}

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

// percent is a share as it is shown: rounded down, so that nobody reads a pass
// mark that was not reached.
func percent(points, of int) int { return points * 100 / max(of, 1) }

// measured reports whether any topic has a minimum of its own.
func measured(topics []sheet.TopicOutcome) bool {
	return slices.ContainsFunc(topics, func(t sheet.TopicOutcome) bool { return t.Need > 0 })
}

// short lists the topics below their minimum by name.
func short(ctx context.Context, topics []sheet.TopicOutcome) string {
	var names []string
	for _, t := range topics {
		if t.Short {
			names = append(names, ui.Quote(ctx, academy.Competence(t.Topic)))
		}
	}
	return strings.Join(names, ui.T(ctx, "quiz.list_join"))
}
