package academy

import (
	"strconv"
	"strings"

	"qibu/internal/calendar"
	"qibu/roleplay"
)

// Outlook is how much of one competence a person would know: the mean, over the
// questions ever asked, of the chance to know each. Questions never asked are
// counted beside it, for nothing is known about them. An answer of today counts
// as one of yesterday: that its explanation was just read shows nothing.
type Outlook struct {
	Topic, Name   string // "D1" and the name of the competence
	Asked, Unseen int    // questions
	Today, Later  int    // percent now, and in outlookDays without practice
}

// outlookDays is how far the outlook reaches.
const outlookDays = 30

// outlook lists the topics of all banks that were asked or could be.
func (p pool) outlook() (list []Outlook) {
	type sum struct {
		Outlook
		today, later float64
	}
	topics := map[string]*sum{}
	for _, b := range p.banks {
		for _, q := range b.Questions {
			if !q.Practised() || q.Topic == "" {
				continue
			}
			t := topics[q.Topic]
			if t == nil {
				t = &sum{Outlook: Outlook{Topic: q.Topic, Name: Competence(q.Topic)}}
				topics[q.Topic] = t
			}
			c := p.cards[b.Slug][q.ID]
			if !c.Known() {
				t.Unseen++
				continue
			}
			t.Asked++
			t.today += c.Chance(calendar.Later(p.today, c.Seen.AddDays(1)))
			t.later += c.Chance(p.today.AddDays(outlookDays))
		}
	}
	for _, topic := range sortedKeys(topics) {
		t := topics[topic]
		if t.Asked > 0 {
			t.Today, t.Later = meanPercent(t.today, t.Asked), meanPercent(t.later, t.Asked)
		}
		list = append(list, t.Outlook)
	}
	return list
}

// meanPercent is a sum of chances as whole percents of n, rounded.
func meanPercent(sum float64, n int) int { return int(sum*100/float64(n) + 0.5) }

// Competence names a topic such as "D1", in Chinese.
func Competence(topic string) string {
	if n, err := strconv.Atoi(strings.TrimPrefix(topic, "D")); err == nil && 1 <= n && n <= len(roleplay.Competences) {
		return roleplay.Competences[n-1]
	}
	return topic
}
