package store_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"qibu/internal/store"
	"qibu/roleplay"
)

// played is a session with its log, as a test writes it down: "开场#2" was said,
// "~开场" is a silence there, "《工单》" was opened.
type played struct {
	person, scenario, edition string
	practice                  bool
	hour                      int
	log                       string
	fork                      int
	ending                    string // "" leaves it open
	percent                   int
}

func (b bay) play(p played) (id string) {
	b.Helper()
	s := store.Session{
		ID: store.NewID(), PersonID: p.person, Scenario: p.scenario, Edition: p.edition, Engine: 1, Exam: !p.practice,
		TimeFactor: 100, ForkStep: p.fork, StartedAt: at(p.hour),
	}
	b.write(func(tx *store.Tx) error {
		if _, err := tx.AddSession(s); err != nil {
			return err
		}
		for i, ref := range strings.Fields(p.log) {
			e := roleplay.Event{Step: i, Kind: roleplay.Choose, Ref: ref, At: at(p.hour).UnixMilli()}
			if name, silent := strings.CutPrefix(ref, "~"); silent {
				e.Kind, e.Ref = roleplay.SayNothing, name
			} else if strings.HasPrefix(ref, "《") {
				e.Kind = roleplay.Open
			}
			if _, err := tx.AppendEvent(s.ID, e); err != nil {
				return err
			}
		}
		if p.ending == "" {
			return nil
		}
		_, err := tx.EndSession(s.ID, store.Outcome{EndedAt: at(p.hour + 1), Ending: p.ending, Percent: p.percent})
		return err
	})
	return s.ID
}

func TestTalliesCountWhatWasDecided(t *testing.T) {
	onBays(t, func(b bay) {
		lin, he := b.add(b.south, "101", "林晓", nil), b.add(b.south, "102", "何宁", nil)
		sun := b.add(b.north, "201", "孙悦", nil)
		for _, p := range []played{
			{person: lin, hour: 1, log: "《工单》 开场#1 对账#2", ending: "当场说清", percent: 80},
			{person: lin, hour: 3, log: "开场#1 等#1 等#1 ~等", ending: "走人", percent: 30},
			{person: lin, hour: 5, log: "开场#2"}, // under way
			{person: he, hour: 1, practice: true, log: "开场#2 对账#2", ending: "当场说清", percent: 60},
			{person: he, hour: 3, practice: true, log: "开场#2 对账#1", fork: 1, ending: "走人", percent: 20},
			{person: he, hour: 5, log: "开场#1", edition: "old"},
			{person: sun, hour: 1, log: "开场#1 对账#1", ending: "走人", percent: 10},
		} {
			p.scenario, p.edition = "bill", cmp.Or(p.edition, "new")
			b.play(p)
		}
		b.read(func(tx *store.Tx) error {
			got, err := tx.Tallies(b.south.ID, "bill", "new")
			slices.SortFunc(got, func(x, y store.Tally) int { return cmp.Compare(x.Kind+x.Ref, y.Kind+y.Ref) })
			want := []store.Tally{
				{Kind: "choose", Ref: "对账#1", Practices: 1},
				{Kind: "choose", Ref: "对账#2", Exams: 1, Practices: 1, Ended: 1, Total: 80},
				{Kind: "choose", Ref: "开场#1", Exams: 2, Ended: 2, Total: 110},
				{Kind: "choose", Ref: "开场#2", Exams: 1, Practices: 1}, // the fork's own beginning is not said again
				{Kind: "choose", Ref: "等#1", Exams: 2, Ended: 1, Total: 30},
				{Kind: "silence", Ref: "等", Exams: 1, Ended: 1, Total: 30},
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				b.Errorf("tallies (-want +got):\n%s", diff)
			}
			return err
		})
		b.read(func(tx *store.Tx) error {
			got, err := tx.Arrivals(b.south.ID, "bill", "new")
			lines := make([]string, len(got))
			for i, a := range got {
				lines[i] = fmt.Sprint(a.Exam, a.Ending, a.Times)
			}
			slices.Sort(lines)
			want := []string{"false当场说清1", "false走人1", "true1", "true当场说清1", "true走人1"}
			if diff := gocmp.Diff(want, lines); diff != "" {
				b.Errorf("arrivals (-want +got):\n%s", diff)
			}
			return err
		})
	})
}

func TestPassagesSayWhatFollowed(t *testing.T) {
	onBays(t, func(b bay) {
		lin, sun := b.add(b.south, "101", "林晓", nil), b.add(b.north, "201", "孙悦", nil)
		for _, p := range []played{
			{person: lin, hour: 1, log: "a#1 《工单》 b#2 ~c", ending: "走人"},
			{person: lin, hour: 3, log: "a#1 b#2", ending: "走人"},
			{person: lin, hour: 5, log: "a#1 b#2"},
			{person: lin, hour: 5, practice: true, log: "a#1 b#2 ~c", fork: 1, ending: "走人"},
			{person: sun, hour: 1, log: "a#1 b#2", ending: "走人"},
		} {
			p.scenario, p.edition = "bill", "new"
			b.play(p)
		}
		b.read(func(tx *store.Tx) error {
			list, err := tx.Passages(b.south.ID, "bill", "new")
			var got []string
			for _, p := range list {
				got = append(got, fmt.Sprintf("%v %s %s → %s %s (%s) %d", p.Exam, p.Kind, p.Ref, p.NextKind, p.NextRef, p.Ending, p.Times))
			}
			slices.Sort(got)
			want := []string{
				"false choose b#2 → silence c (走人) 1", "false silence c →   (走人) 1",
				"true choose a#1 → choose b#2 () 1", "true choose a#1 → choose b#2 (走人) 2",
				"true choose b#2 →   () 1", "true choose b#2 →   (走人) 1", "true choose b#2 → silence c (走人) 1",
				"true silence c →   (走人) 1",
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				b.Errorf("passages (-want +got):\n%s", diff)
			}
			return err
		})
	})
}

func TestRecordingsOfAStore(t *testing.T) {
	onBays(t, func(b bay) {
		lin, he := b.add(b.south, "101", "林晓", nil), b.add(b.south, "102", "何宁", nil)
		sun := b.add(b.north, "201", "孙悦", nil)
		first := b.play(played{person: lin, scenario: "bill", hour: 1, log: "a#1", ending: "走人", percent: 30})
		second := b.play(played{person: he, scenario: "bill", hour: 4, practice: true, log: "a#1", ending: "说清", percent: 90})
		third := b.play(played{person: lin, scenario: "call", hour: 7, log: "a#1", ending: "约好", percent: 70})
		elsewhere := b.play(played{person: sun, scenario: "bill", hour: 9, log: "a#1", ending: "走人"})
		b.play(played{person: he, scenario: "bill", hour: 8, log: "a#1"}) // under way
		broken := b.play(played{person: he, scenario: "call", hour: 8, practice: true, log: "a#1"})
		b.write(func(tx *store.Tx) error {
			_, err := tx.EndSession(broken, store.Outcome{EndedAt: at(9)})
			return err
		})
		names := map[string]string{first: "first", second: "second", third: "third", elsewhere: "elsewhere", broken: "broken"}
		for _, c := range []struct {
			filter store.RecordingFilter
			want   []string
			total  int
		}{
			{store.RecordingFilter{}, []string{"third", "second", "first"}, 3},
			{store.RecordingFilter{Limit: 1, Offset: 1}, []string{"second"}, 3},
			{store.RecordingFilter{Scenario: "bill"}, []string{"second", "first"}, 2},
			{store.RecordingFilter{Text: "林"}, []string{"third", "first"}, 2},
			{store.RecordingFilter{Text: "102"}, []string{"second"}, 1},
			{store.RecordingFilter{Text: "%"}, nil, 0},
			{store.RecordingFilter{Text: "孙"}, nil, 0},
		} {
			c.filter.StoreID, c.filter.Limit = b.south.ID, cmp.Or(c.filter.Limit, 10)
			b.read(func(tx *store.Tx) error {
				list, total, err := tx.Recordings(c.filter)
				var got []string
				for _, r := range list {
					got = append(got, names[r.ID])
				}
				if !slices.Equal(got, c.want) || total != c.total {
					b.Errorf("%+v: %v of %d, want %v of %d", c.filter, got, total, c.want, c.total)
				}
				return err
			})
		}
		b.read(func(tx *store.Tx) error {
			owner, err := tx.SessionOwner(elsewhere)
			if owner.ID != sun || owner.StoreID != b.north.ID || owner.Name != "孙悦" {
				b.Errorf("owner is %+v", owner)
			}
			return err
		})
	})
}

func TestCommentsStayAsTheyWere(t *testing.T) {
	onBays(t, func(b bay) {
		lin, zhou := b.add(b.south, "101", "林晓", nil), b.add(b.south, "103", "周敏", nil)
		session := b.play(played{person: lin, scenario: "bill", hour: 1, log: "a#1 b#1", ending: "走人"})
		late := store.Comment{ID: "c", SessionID: session, Step: 2, AuthorID: zhou, Text: "收尾稳"}
		for i, c := range []store.Comment{late, {ID: "a", SessionID: session, Step: 1, AuthorID: zhou, Text: "先认单据"}, late} {
			b.write(func(tx *store.Tx) error {
				added, err := tx.AddComment(c)
				if added != (i < 2) {
					b.Errorf("comment %d: added %v", i, added)
				}
				return err
			})
		}
		for _, change := range []string{`UPDATE turn_comments SET text = 'x'`, `DELETE FROM turn_comments`} {
			err := b.Write(b.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec(change)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "append-only") {
				b.Errorf("%s: %v", change, err)
			}
		}
		b.read(func(tx *store.Tx) error {
			list, err := tx.CommentsOn(session)
			var got []string
			for _, c := range list {
				got = append(got, fmt.Sprint(c.Step, c.Author, c.Text))
			}
			if want := []string{"1周敏先认单据", "2周敏收尾稳"}; !slices.Equal(got, want) {
				b.Errorf("comments %v, want %v", got, want)
			}
			rows, _, err2 := tx.Recordings(store.RecordingFilter{StoreID: b.south.ID, Limit: 1})
			if len(rows) != 1 || rows[0].Comments != 2 {
				b.Errorf("the list says %+v", rows)
			}
			return cmp.Or(err, err2)
		})
	})
}

func TestLatelyCommented(t *testing.T) {
	onBays(t, func(b bay) {
		lin, he := b.add(b.south, "101", "林晓", nil), b.add(b.south, "102", "何宁", nil)
		first := b.play(played{person: lin, scenario: "bill", hour: 1, log: "a#1", ending: "走人"})
		second := b.play(played{person: lin, scenario: "bill", hour: 3, log: "a#1 b#1", ending: "走人"})
		other := b.play(played{person: lin, scenario: "call", hour: 5, log: "a#1", ending: "走人"})
		his := b.play(played{person: he, scenario: "call", hour: 5, log: "a#1", ending: "走人"})
		for i, session := range []string{second, other, his, first, first} {
			b.write(func(tx *store.Tx) error {
				tx.Now = at(10 + i)
				_, err := tx.AddComment(store.Comment{ID: fmt.Sprint(i), SessionID: session, Step: 1, AuthorID: he, Text: "稳"})
				return err
			})
		}
		for since, want := range map[int]map[string]store.Commented{
			9:  {"bill": {SessionID: first, Times: 2}, "call": {SessionID: other, Times: 1}},
			14: {"bill": {SessionID: first, Times: 1}},
			15: {},
		} {
			b.read(func(tx *store.Tx) error {
				got, err := tx.CommentedSince(lin, at(since))
				if diff := gocmp.Diff(want, got); diff != "" {
					b.Errorf("since %d (-want +got):\n%s", since, diff)
				}
				return err
			})
		}
	})
}

func TestPlacesOfScenes(t *testing.T) {
	onBays(t, func(b bay) {
		put := func(place func(*store.Tx, string, map[string]store.Place) error, slug string, places map[string]store.Place) {
			b.Helper()
			b.write(func(tx *store.Tx) error { return place(tx, slug, places) })
		}
		placed := (*store.Tx).PlaceScenes
		put(placed, "bill", nil)
		put(placed, "bill", map[string]store.Place{"开场": {X: 0, Y: 0}, "对账": {X: -40, Y: 120}})
		put(placed, "call", map[string]store.Place{"开场": {X: 7, Y: 7}})
		put((*store.Tx).MoveScenes, "bill", map[string]store.Place{"对账": {X: 300, Y: 90}})
		put(placed, "bill", map[string]store.Place{"对账": {X: 1, Y: 1}, "方案": {X: 2, Y: 2}})
		b.read(func(tx *store.Tx) error {
			got, err := tx.Places("bill")
			want := map[string]store.Place{"开场": {}, "对账": {X: 300, Y: 90}, "方案": {X: 2, Y: 2}}
			if diff := gocmp.Diff(want, got); diff != "" {
				b.Errorf("places (-want +got):\n%s", diff)
			}
			return err
		})
	})
}
