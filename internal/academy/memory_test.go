package academy

import (
	"errors"
	"strconv"
	"testing"

	"qibu/internal/people"
)

func TestMemoryHoldsForAnEpoch(t *testing.T) {
	var epoch int64
	sole := true
	m := newMemory[int](func(string) (int64, bool) { return epoch, sole })
	asked := 0
	ask := func() int {
		t.Helper()
		v, err := m.recall("owner", "key", func() (int, error) { asked++; return asked, nil })
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for range 2 {
		if got := ask(); got != 1 {
			t.Errorf("within an epoch: %d", got)
		}
	}
	epoch++
	if ask() != 2 {
		t.Error("an old entry was believed")
	}
	m.forget("key")
	if ask() != 3 {
		t.Error("a forgotten entry was believed")
	}
	sole = false
	for want := 4; want <= 5; want++ {
		if got := ask(); got != want {
			t.Errorf("where others may change the database: %d, want %d", got, want)
		}
	}
}

// What changes while the database is being asked makes the answer old at once.
func TestMemoryDoesNotKeepWhatChangedMeanwhile(t *testing.T) {
	var epoch int64
	m := newMemory[int](func(string) (int64, bool) { return epoch, true })
	_, _ = m.recall("", "key", func() (int, error) { epoch++; return 1, nil })
	if v, _ := m.recall("", "key", func() (int, error) { return 2, nil }); v != 2 {
		t.Error("an answer from before the change was kept")
	}
}

func TestMemoryDoesNotKeepErrors(t *testing.T) {
	m := newMemory[int](func(string) (int64, bool) { return 0, true })
	failure := errors.New("away")
	if _, err := m.recall("", "key", func() (int, error) { return 0, failure }); !errors.Is(err, failure) {
		t.Error(err)
	}
	if v, err := m.recall("", "key", func() (int, error) { return 7, nil }); v != 7 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
}

// A page shows what was read in the very next request, on this device and others.
func TestReadingIsSeenAtOnce(t *testing.T) {
	c := openCampus(t)
	p := c.add("林晓", people.Advisor)
	ctx := t.Context()
	const course, module = "seven-steps", "vehicle-walkaround"
	before, err := c.Lesson(ctx, p, course, module)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.MarkRead(ctx, p, course, module, []string{before.Progress.Next}); err != nil {
		t.Fatal(err)
	}
	after, err := c.Lesson(ctx, p, course, module)
	if err != nil {
		t.Fatal(err)
	}
	if !after.Read[before.Progress.Next] || after.Progress.Read != before.Progress.Read+1 {
		t.Errorf("after reading %s: %+v", before.Progress.Next, after.Progress)
	}
}

func TestRecentIsBounded(t *testing.T) {
	const generation = 50
	r := newRecent[int](generation)
	for i := range 3 * generation {
		r.put(ownKey{"a", strconv.Itoa(i)}, i)
		r.put(ownKey{"a", "in use"}, 7)
	}
	if n := len(r.young) + len(r.old); n > 2*generation {
		t.Errorf("%d are remembered", n)
	}
	if v, ok := r.get(ownKey{"a", "in use"}); !ok || v != 7 {
		t.Error("what is in use was forgotten")
	}
	if _, ok := r.get(ownKey{"b", "in use"}); ok {
		t.Error("it is found for somebody else")
	}
}
