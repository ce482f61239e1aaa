package explore

import (
	"strings"
	"unicode/utf8"

	"qibu/roleplay/stage"
)

// A cue that gives the best option away must do so in so many decisions, and
// more often than chance by so many standard errors, squared. Two of them are
// exceeded by chance in one careful scenario of forty.
const (
	fewest      = 3
	errorsAbove = 4
)

// cue is a way to guess the best option without knowing what it is about. It
// picks some of a decision's options, or nil where it says nothing.
type cue struct {
	picks  func(x *linter, d *decision) []int
	found  string // what a guesser sees in the best option
	advice string
}

// The cues of the NBME's list of flaws, as far as they can be seen in a text.
var cues = []cue{
	{(*linter).longest, "最好的话术也最长", "把好的写短，或者把别的写长"},
	{(*linter).moderate, "去掉带“一定”“绝对”“保证”这类词的，最好的就剩下了", "让不好的话术也别把话说满"},
	{(*linter).echoing, "只有最好的话术接着客户的原话说", "让别的话术也接一接客户的话"},
	{(*linter).solePolite, "只有最好的话术有礼貌用语", "让不好的话术也客气"},
	{(*linter).soleNumber, "只有最好的话术给了具体的数", "让别的话术也有数"},
	{(*linter).wellFormed, "去掉句式和别的不一样的（没有句末标点，或者称“你”不称“您”），最好的就剩下了", "把话术写成一样的句式"},
}

// lintWording is rule 9.
func (x *linter) lintWording() {
	for _, c := range cues {
		var t tally
		var scenes []int
		for i := range x.decisions {
			d := &x.decisions[i]
			if !d.scored() {
				continue
			}
			picks := c.picks(x, d)
			if len(picks) == 0 || len(picks) == len(d.options) {
				continue
			}
			if t.count(d, picks) {
				scenes = append(scenes, d.scene)
			}
		}
		if t.significant() {
			x.add(9, Warn, x.sceneLine(scenes[0]), "%d次选择里有%d次，%s（瞎猜约%d次）：%s。这样不看情境也能选对，%s",
				t.decisions, len(scenes), c.found, (t.expected+thousand/2)/thousand, x.names(scenes), c.advice)
		}
	}
}

const thousand = 1000

// tally compares how often a guess was right with how often chance would be, in
// thousandths, so that integers decide.
type tally struct{ decisions, right, expected, variance int }

// count adds one decision in which picks were guessed, and reports whether
// guessing among them was better than among all.
func (t *tally) count(d *decision, picks []int) bool {
	hits := 0
	for _, i := range picks {
		if d.best[i] {
			hits++
		}
	}
	right, chance := thousand*hits/len(picks), thousand*d.bests/len(d.options)
	t.decisions++
	t.right += right
	t.expected += chance
	t.variance += chance * (thousand - chance)
	return right > chance
}

// significant reports whether the guesses were right more often than by chance.
func (t *tally) significant() bool {
	above := t.right - t.expected
	return t.decisions >= fewest && above > 0 && above*above >= errorsAbove*t.variance
}

func (x *linter) longest(d *decision) []int {
	longest, size, tie := 0, -1, false
	for i, o := range d.options {
		switch n := utf8.RuneCountInString(o.Text); {
		case n > size:
			longest, size, tie = i, n, false
		case n == size:
			tie = true
		}
	}
	if tie {
		return nil
	}
	return []int{longest}
}

func (x *linter) moderate(d *decision) []int {
	return which(d, func(text string) bool { return count(text, absolute) == 0 })
}

// which are the options whose text is so.
func which(d *decision, so func(text string) bool) (picks []int) {
	for i, o := range d.options {
		if so(o.Text) {
			picks = append(picks, i)
		}
	}
	return picks
}

// sole is the only option whose text is so.
func sole(d *decision, so func(text string) bool) []int {
	if picks := which(d, so); len(picks) == 1 {
		return picks
	}
	return nil
}

func (x *linter) solePolite(d *decision) []int {
	return sole(d, func(text string) bool { return count(text, polite) > 0 })
}

func (x *linter) soleNumber(d *decision) []int {
	return sole(d, number.MatchString)
}

// echoed is how many letters in a row count as the customer's own words.
const echoed = 4

// echoing is the one option that repeats most of what the customer just said.
func (x *linter) echoing(d *decision) []int {
	stem := opening(x.stem(d.scene))
	picks, longest := []int(nil), echoed-1
	for i, o := range d.options {
		switch n := shared(opening(o.Text), stem); {
		case n > longest:
			picks, longest = []int{i}, n
		case n == longest:
			picks = nil
		}
	}
	return picks
}

// stem is what the customer says in a scene, in every variant.
func (x *linter) stem(scene int) string {
	var b strings.Builder
	for _, beat := range x.sc.Scenes[scene].Beats {
		for _, l := range beat {
			if l.Kind == stage.KindCustomer {
				b.WriteString(l.Text + "\n")
			}
		}
	}
	return b.String()
}

// wellFormed are the options that end as a sentence does, or where all do, those
// that address the customer as one addresses a customer.
func (x *linter) wellFormed(d *decision) []int {
	if picks := which(d, closed); len(picks) < len(d.options) {
		return picks
	}
	return which(d, func(text string) bool { return !strings.Contains(text, "你") || strings.Contains(text, "您") })
}

// lintPlaces is rule 10: the best option stands too often in the same place.
// Learners see the options shuffled; whoever reads the file does not.
func (x *linter) lintPlaces() {
	for place := range 4 {
		var t tally
		right := 0
		for i := range x.decisions {
			if d := &x.decisions[i]; d.scored() && place < len(d.options) && t.count(d, []int{place}) {
				right++
			}
		}
		if t.significant() {
			x.add(10, Info, 0, "%d次选择里有%d次，最好的话术写在第%d句（学员看到的次序是打乱的）", t.decisions, right, place+1)
		}
	}
}
