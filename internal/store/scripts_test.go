package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
	"qibu/roleplay"
)

// edition is a version of scenario rp01, by a trainer unless by is empty.
func edition(hash, by string) store.Edition {
	e := store.Edition{
		Kind: "scenario", Slug: "rp01", Hash: hash, Files: map[string]string{"rp01.md": "标题: " + hash},
		Compiled: `{"slug":"rp01"}`, Proof: `{"hash":"` + hash + `"}`, Origin: store.ByTrainer, PublishedBy: by,
	}
	if by == "" {
		e.Origin = store.Shipped
	}
	return e
}

func (r rehearsals) inForce() (e store.InForce) {
	r.Helper()
	r.read(func(tx *store.Tx) (err error) {
		e, err = tx.InForce("scenario", "rp01")
		return err
	})
	return e
}

// same compares editions, whenever they were published.
func same(a, b store.Edition) bool {
	a.PublishedAt, b.PublishedAt = time.Time{}, time.Time{}
	return cmp.Equal(a, b)
}

func (r rehearsals) publish(e store.Edition) {
	r.Helper()
	r.write(func(tx *store.Tx) error { return tx.Publish(e) })
}

func TestEditionComesBackAsPublished(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		shipped, own := edition("e1", ""), edition("e2", r.lin)
		r.publish(shipped)
		if got := r.inForce(); !same(got.Edition, shipped) || got.By != "" || got.Since.IsZero() {
			r.Errorf("in force is %+v", got)
		}
		r.publish(own)
		if got := r.inForce(); !same(got.Edition, own) || got.By != "林晓" {
			r.Errorf("in force is %+v", got)
		}
		r.read(func(tx *store.Tx) error {
			got, err := tx.Edition("scenario", "rp01", "e1")
			if !same(got, shipped) || got.PublishedAt.IsZero() {
				r.Errorf("the older one is %+v", got)
			}
			if _, err := tx.InForce("scenario", "rp02"); !errors.Is(err, fault.NotFound) {
				r.Errorf("of no scenario: %v, want NotFound", err)
			}
			return err
		})
	})
}

// An edition is recorded once; taken up again it is in force again, by whoever did that.
func TestEditionIsTakenUpAgain(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		first := edition("e1", r.lin)
		r.publish(first)
		since := r.inForce().Since
		r.publish(first)
		if got := r.inForce(); got.Since != since {
			r.Errorf("published twice, in force since %s, want %s", got.Since, since)
		}
		r.publish(edition("e2", r.lin))
		again := first
		again.Proof, again.PublishedBy = "{}", r.zhou
		r.publish(again)
		got := r.inForce()
		if !same(got.Edition, first) {
			r.Errorf("publishing again changed the edition: %+v", got.Edition)
		}
		r.read(func(tx *store.Tx) error {
			list, err := tx.AllInForce("scenario")
			if len(list) != 1 || list[0].Hash != "e1" || list[0].By != got.By || list[0].Origin != store.ByTrainer || list[0].Proof != first.Proof {
				r.Errorf("list %+v", list)
			}
			return err
		})
	})
}

// What comes with the program is recorded without being put in force where a
// trainer's edition stands.
func TestTrainersEditions(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		r.publish(edition("e1", ""))
		own := edition("e2", r.lin)
		own.Slug = "rp02"
		r.publish(own)
		r.write(func(tx *store.Tx) error {
			newer := edition("e3", "")
			newer.Slug = "rp02"
			return tx.RecordEdition(newer)
		})
		r.read(func(tx *store.Tx) error {
			list, err := tx.TrainersEditions()
			if len(list) != 1 || !same(list[0].Edition, own) || list[0].Since != list[0].PublishedAt {
				r.Errorf("trainers' scenarios %+v", list)
			}
			return err
		})
	})
}

func TestCompiledEditions(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		first, other, bare := edition("e1", ""), edition("e2", r.lin), edition("e3", "")
		bare.Compiled = ""
		again := first // compiled once more, by later rules
		again.Hash, again.Compiled = "e4", `{"engine":2}`
		for _, e := range []store.Edition{first, other, bare, again} {
			r.publish(e)
		}
		find := func(of ...store.Edition) (hashes []string) {
			r.read(func(tx *store.Tx) error {
				list, err := tx.CompiledEditions(of)
				for _, e := range list {
					hashes = append(hashes, e.Hash)
				}
				return err
			})
			slices.Sort(hashes)
			return hashes
		}
		unknown := edition("e5", "")
		if got := find(); len(got) > 0 {
			r.Errorf("of nothing: %v", got)
		}
		if got := find(bare, unknown); len(got) > 0 {
			r.Errorf("without a compiled form, and never recorded: %v", got)
		}
		if got := find(first, unknown); !slices.Equal(got, []string{"e1", "e4"}) {
			r.Errorf("the same text: %v", got)
		}
		r.read(func(tx *store.Tx) error {
			list, err := tx.CurrentWritten()
			want := []store.Edition{{Kind: "scenario", Slug: "rp01", Hash: "e4", Origin: store.Shipped}}
			if diff := cmp.Diff(want, list); diff != "" {
				r.Errorf("in force (-want +got):\n%s", diff)
			}
			return err
		})
	})
}

func (r rehearsals) saveDraft(source string, version int, by string) (saved bool) {
	r.Helper()
	r.write(func(tx *store.Tx) (err error) {
		saved, err = tx.SaveDraft(store.Draft{Kind: "scenario", Slug: "rp01", Title: "预约", Source: source, Version: version, ByID: by})
		return err
	})
	return saved
}

func (r rehearsals) draft() (d store.Draft) {
	r.Helper()
	r.read(func(tx *store.Tx) (err error) {
		d, err = tx.Draft("scenario", "rp01")
		return err
	})
	return d
}

func TestDraftVersions(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		if d := r.draft(); d.Version != 0 || d.Open() {
			r.Errorf("before the first: %+v", d)
		}
		for _, c := range []struct {
			source  string
			version int
			by      string
			saved   bool
			now     string
			next    int
		}{
			{"一", 0, r.lin, true, "一", 1},
			{"二", 0, r.zhou, false, "一", 1},
			{"二", 1, r.zhou, true, "二", 2},
			{"三", 1, r.lin, false, "二", 2},
			{"", 2, r.lin, true, "", 3}, // published
			{"四", 0, r.zhou, false, "", 3},
			{"四", 3, r.zhou, true, "四", 4},
		} {
			if saved := r.saveDraft(c.source, c.version, c.by); saved != c.saved {
				r.Errorf("%q over version %d: saved %v", c.source, c.version, saved)
			}
			if d := r.draft(); d.Source != c.now || d.Version != c.next || d.Open() != (c.now != "") {
				r.Errorf("after %q: %+v", c.source, d)
			}
		}
		if d := r.draft(); d.ByID != r.zhou || d.By != "林晓" || d.Title != "预约" || d.SavedAt.IsZero() {
			r.Errorf("draft %+v", d)
		}
	})
}

func TestOpenDrafts(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		list := func() (slugs []string) {
			r.Helper()
			r.read(func(tx *store.Tx) error {
				drafts, err := tx.OpenDrafts("scenario")
				for _, d := range drafts {
					slugs = append(slugs, d.Slug)
					if !d.Open() {
						r.Errorf("%s is not open", d.Slug)
					}
				}
				return err
			})
			return slugs
		}
		r.saveDraft("一", 0, r.lin)
		if got := list(); !slices.Equal(got, []string{"rp01"}) {
			r.Errorf("drafts %v", got)
		}
		r.saveDraft("", 1, r.lin)
		if got := list(); len(got) > 0 {
			r.Errorf("after publishing: drafts %v", got)
		}
	})
}

// Of many who save over the same version, one does.
func TestManySaveOneDraft(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		var saved atomic.Int64
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				var ok bool
				err := r.Write(context.Background(), func(tx *store.Tx) (err error) {
					ok, err = tx.SaveDraft(store.Draft{Kind: "scenario", Slug: "rp01", Source: "一", ByID: r.lin})
					return err
				})
				if err != nil {
					r.Error(err)
				}
				if ok {
					saved.Add(1)
				}
			})
		}
		wg.Wait()
		if saved.Load() != 1 || r.draft().Version != 1 {
			r.Errorf("%d saved, version %d", saved.Load(), r.draft().Version)
		}
	})
}

func TestSessionsUnderWay(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		r.publish(edition("e1", ""))
		r.begin(r.lin, "rp01", 0)
		r.end(r.begin(r.lin, "rp03", 0), 50, false, false)
		counts := func() [2]int { got := r.inForce(); return [2]int{got.Running, got.Older} }
		if got := counts(); got != [2]int{1, 0} {
			r.Errorf("on this and on older editions: %v", got)
		}
		r.publish(edition("e2", r.lin))
		r.begin(r.zhou, "rp01", 0) // on e1 still: the page was open
		if got := counts(); got != [2]int{0, 2} {
			r.Errorf("after a new edition: %v", got)
		}
		r.read(func(tx *store.Tx) error {
			list, err := tx.AllInForce("scenario")
			if len(list) != 1 || list[0].Older != 2 || list[0].Compiled != "" || len(list[0].Files) > 0 {
				r.Errorf("list %+v", list)
			}
			return err
		})
	})
}

func TestExamsPlayed(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		say := func(s store.Session, refs ...string) (log []roleplay.Event) {
			r.Helper()
			r.write(func(tx *store.Tx) error {
				log = nil
				for i, ref := range refs {
					e := roleplay.Event{Step: i, Kind: roleplay.Choose, Ref: ref, At: int64(i)}
					added, err := tx.AppendEvent(s.ID, e)
					if err != nil || !added {
						return fmt.Errorf("added %v: %w", added, err)
					}
					log = append(log, e)
				}
				return nil
			})
			return log
		}
		var want []store.PlayedSession
		for i, refs := range [][]string{{"铃响#1"}, {"铃响#2", "噪音#1"}, {"铃响#3", "噪音#2"}} {
			s := r.begin(r.lin, "rp01", i)
			log := say(s, refs...)
			want = append([]store.PlayedSession{{Session: r.end(s, 60+i, true, false), Events: log}}, want...)
		}
		say(r.begin(r.lin, "rp01", 9), "铃响#1") // under way
		practice := r.practise(r.lin, "rp01", 9)
		say(practice, "铃响#1")
		r.end(practice, 50, false, false)
		other := r.begin(r.lin, "rp03", 9)
		say(other, "迎接#1")
		r.end(other, 50, false, false)
		for _, limit := range []int{1, 2, 10} {
			r.read(func(tx *store.Tx) error {
				got, err := tx.ExamsPlayed("rp01", "e1", limit)
				if diff := cmp.Diff(want[:min(limit, len(want))], got); diff != "" {
					r.Errorf("%d exams (-want +got):\n%s", limit, diff)
				}
				if got, err := tx.ExamsPlayed("rp01", "e2", limit); len(got) > 0 || err != nil {
					r.Errorf("of another edition: %v, %v", got, err)
				}
				return err
			})
		}
	})
}

// A database of the time before trainers wrote scenarios keeps what it has: its
// editions came with the program, and have no compiled form.
func TestEditionsFromBeforeScripts(t *testing.T) {
	for engine, fresh := range storetest.Databases(t) {
		t.Run(engine, func(t *testing.T) {
			cfg := fresh(t)
			cfg.Now = func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }
			old, err := store.OpenWith(t.Context(), cfg, migrationsUpTo(t, "0003"))
			if err != nil {
				t.Fatal(err)
			}
			write(t, old, func(tx *store.Tx) error {
				for _, q := range []string{
					`INSERT INTO editions (kind, slug, hash, files, published_at) VALUES ('scenario', 'rp01', 'e0', '{"rp01.md":"标题"}', 1)`,
					`INSERT INTO current_editions (kind, slug, hash, since) VALUES ('scenario', 'rp01', 'e0', 1)`,
				} {
					if _, err := tx.Exec(q); err != nil {
						return err
					}
				}
				return nil
			})
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			s, err := store.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			err = s.Read(t.Context(), func(tx *store.Tx) error {
				got, err := tx.InForce("scenario", "rp01")
				want := store.InForce{Edition: store.Edition{
					Kind: "scenario", Slug: "rp01", Hash: "e0", Files: map[string]string{"rp01.md": "标题"}, Origin: store.Shipped,
					PublishedAt: time.UnixMilli(1).UTC(),
				}, Since: time.UnixMilli(1).UTC()}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("an old edition (-want +got):\n%s", diff)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			err = s.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec(`UPDATE editions SET proof = '{}'`)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("a published edition was changed: %v", err)
			}
		})
	}
}
