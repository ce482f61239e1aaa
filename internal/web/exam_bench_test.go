package web

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz/sheet"
)

// BenchmarkExam500 has 500 people sit the same exam over loopback: each begins it,
// opens the paper, saves every answer and hands in. They are logged in before.
// In "minute" they begin spread over a minute and answer every second, in "at-once"
// everybody does everything as fast as the answers come back. Reported is how long
// a save took, from the first byte sent to the last one received, on clients that
// share the machine's processors with the server. Afterwards every answer that was
// acknowledged is looked up in the database: none may be missing.
func BenchmarkExam500(b *testing.B) {
	const many = 500
	for name, pace := range map[string]pace{
		"at-once": {},
		"minute":  {begin: time.Minute, think: time.Second},
	} {
		b.Run(name, func(b *testing.B) {
			c := serveCampus(b)
			for range b.N {
				sitters := c.summon(b, many)
				began := time.Now()
				together(many, func(i int) { sitters[i].sit(b, pace) })
				took := time.Since(began)
				var saves []time.Duration
				for _, s := range sitters {
					c.holds(b, s)
					saves = append(saves, s.saves...)
				}
				slices.Sort(saves)
				b.ReportMetric(float64(len(saves)), "saves")
				b.ReportMetric(float64(len(saves))/took.Seconds(), "saves/s")
				b.ReportMetric(millis(saves[len(saves)/2]), "p50-ms")
				b.ReportMetric(millis(saves[len(saves)*99/100]), "p99-ms")
				b.ReportMetric(millis(saves[len(saves)-1]), "max-ms")
			}
		})
	}
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// pace is how people go about an exam.
type pace struct {
	begin time.Duration // within which they begin, at random
	think time.Duration // before each answer
}

// sitter is somebody who sits an exam, with a connection of her own.
type sitter struct {
	talker
	who     people.Actor
	exam    string
	attempt string
	academy *academy.Academy
	saved   map[int]sheet.Answer // what was acknowledged
	saves   []time.Duration
}

// summon sets an exam that is open for many new people, each logged in.
func (c *benchCampus) summon(b *testing.B, many int) []*sitter {
	b.Helper()
	now := time.Now()
	e := store.Sitting{
		ID: store.NewID(), Title: "五百人", Quiz: openQuiz, Edition: c.academy.Library().Hash("quiz", openQuiz), StoreID: c.home.ID, Opens: now.Add(-time.Minute), Closes: now.Add(time.Hour),
		Releases: now.Add(time.Hour), Minutes: 30, Honour: "我独立作答。",
	}
	sitters := make([]*sitter, many)
	ids := make([]string, many)
	for i := range sitters {
		s := &sitter{talker: talker{do: (&fasthttp.Client{}).Do, cookie: c.enrol(b), base: c.base}, exam: e.ID, academy: c.academy, saved: map[int]sheet.Answer{}}
		var err error
		s.who, _, err = c.academy.Resume(b.Context(), strings.TrimPrefix(s.cookie, "qibu="))
		if err != nil {
			b.Fatal(err)
		}
		sitters[i], ids[i] = s, s.who.ID
	}
	e.CreatedBy = ids[0]
	if err := c.store.Write(b.Context(), func(tx *store.Tx) error {
		if err := tx.AddSitting(e); err != nil {
			return err
		}
		return tx.SetExaminees(e.ID, ids)
	}); err != nil {
		b.Fatal(err)
	}
	return sitters
}

// sit goes through the exam from the start to the end.
func (s *sitter) sit(b *testing.B, p pace) {
	if p.begin > 0 {
		time.Sleep(rand.N(p.begin))
	}
	begun := s.send(b, fasthttp.MethodPost, "/exams/"+s.exam+"/attempts", "honour=1", fasthttp.StatusSeeOther)
	location := strings.TrimPrefix(string(begun.Header.Peek("Location")), s.base)
	s.attempt = strings.TrimPrefix(location, "/attempts/")
	s.send(b, fasthttp.MethodGet, location, "", fasthttp.StatusOK)
	open, err := s.academy.Attempt(context.Background(), s.who, s.attempt) // the tokens, without reading the page
	if err != nil {
		b.Error(err)
		return
	}
	for _, item := range open.Sheet.Items {
		time.Sleep(p.think)
		s.answer(b, item)
	}
	s.send(b, fasthttp.MethodPost, location+"/submit", "", fasthttp.StatusSeeOther)
}

// answer saves an answer that fits the question.
func (s *sitter) answer(b *testing.B, item sheet.Item) {
	var answer sheet.Answer
	switch item.Kind {
	case sheet.Order, sheet.Hot:
		for _, o := range item.Options {
			answer = append(answer, o.Token)
		}
	case sheet.Match:
		answer = slices.Repeat(sheet.Answer{item.Options[0].Token}, len(item.Rows))
	case sheet.Fill:
		answer = slices.Repeat(sheet.Answer{"脚垫"}, len(item.Pieces)-1)
	case sheet.Numeric:
		answer = sheet.Answer{"3"}
	default:
		answer = sheet.Answer{item.Options[rand.N(len(item.Options))].Token}
	}
	body, err := json.Marshal(map[string]any{"seq": 1, "answer": answer})
	if err != nil {
		b.Error(err)
		return
	}
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	req.SetRequestURI(fmt.Sprintf("%s/attempts/%s/answers/%d", s.base, s.attempt, item.Slot))
	req.Header.SetMethod(fasthttp.MethodPut)
	req.Header.Set("Cookie", s.cookie)
	req.Header.Set("Accept", "application/json")
	req.Header.SetContentType("application/json")
	req.SetBody(body)
	began := time.Now()
	if err := s.do(req, res); err != nil || res.StatusCode() != fasthttp.StatusOK {
		b.Errorf("save: %d, %v %s", res.StatusCode(), err, res.Body())
		return
	}
	s.saves = append(s.saves, time.Since(began))
	s.saved[item.Slot] = answer
}

// holds checks that the database has every answer that was acknowledged, and that
// the attempt is handed in.
func (c *benchCampus) holds(b *testing.B, s *sitter) {
	b.Helper()
	if err := c.store.Read(b.Context(), func(tx *store.Tx) error {
		stored, err := tx.Answers(s.attempt)
		if len(s.saved) == 0 || len(stored) != len(s.saved) {
			b.Errorf("%d answers are stored, %d were acknowledged", len(stored), len(s.saved))
		}
		for slot, answer := range s.saved {
			if !slices.Equal(stored[slot].Answer, answer) {
				b.Errorf("slot %d: %v is stored, %v was acknowledged", slot, stored[slot].Answer, answer)
			}
		}
		if err != nil {
			return err
		}
		att, err := tx.Attempt(s.attempt, s.who.ID)
		if err == nil && att.EndedAt.IsZero() {
			b.Errorf("attempt %s is not handed in", s.attempt)
		}
		return err
	}); err != nil {
		b.Error(err)
	}
}
