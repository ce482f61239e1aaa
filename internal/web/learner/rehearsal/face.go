package rehearsal

import (
	"context"
	"strconv"
	"strings"

	"qibu/internal/web/ui"
	"qibu/roleplay/stage"
)

// moodCount is how many faces a customer has: 1 furious … 4 calm … 7 satisfied.
const moodCount = 7

// A face and a mood are drawn once for everybody: they come with every answer.
var (
	faces, moods ui.Kept
)

type (
	faceKey struct {
		lang, name string
		mood       int
	}
	moodKey struct {
		lang string
		mood int
	}
)

// moodWord names a mood, 1–7.
func moodWord(ctx context.Context, mood int) string {
	return ui.T(ctx, "rehearse.mood_"+strconv.Itoa(mood))
}

// stroke is one path of a drawing; its class says how it is drawn.
type stroke struct{ class, d string }

// Everything is drawn on a 96 × 96 grid around the line x = 48.

// sitters are who can be drawn: all of a head but what moves.
var sitters = map[string][]stroke{
	"bob": {
		{"face-hair", "M25 66c-6-14-7-52 23-54 30 2 29 40 23 54-3 3-8 3-11 1 5-8 7-17 6-27 0-5-1-8-3-10-11 0-22-3-29-10-3 5-5 13-5 20-1 10 1 19 6 27-3 2-8 2-10-1z"},
		{"", "M29 45c0 10 1 17 4 22 4 7 9 11 15 11s11-4 15-11c3-5 4-12 4-22"},
		{"", "M41 78v6M55 78v6M22 96c3-8 9-11 19-12l7 7 7-7c10 1 16 4 19 12"},
		{"face-dots", "M27 61v.5M69 61v.5"},
	},
	"bun": {
		{"face-hair", "M28 44C22 25 31 13 47 13c17 0 26 12 21 31-2-9-6-16-11-20-9 5-17 6-25 5-2 5-3 10-4 15z"},
		{"face-hair", "M61 16c1-8 13-10 16-3 2 6-3 11-9 11"},
		{"", "M28 44c0 11 1 18 5 23 4 7 9 11 15 11s11-4 15-11c4-5 5-12 5-23M28 46c-5 0-5 10 1 11M68 46c5 0 5 10-1 11"},
		{"", "M42 78v5M54 78v5M22 96c3-7 10-10 20-13 4 5 8 5 12 0 10 3 17 6 20 13"},
	},
	"crop": {
		{"face-hair", "M26 43C21 21 33 11 49 11c18 0 26 12 21 32-2-6-3-12-5-16-10 1-21 0-27-5-3 6-10 10-12 21z"},
		{"", "M26 43c-1 9 0 16 4 22 4 8 10 13 18 13s14-5 18-13c4-6 5-13 4-22M26 46c-6-1-6 10 2 12M70 46c6-1 6 10-2 12"},
		{"", "M40 77v6M56 77v6M18 96c3-8 11-11 22-13l8 9 8-9c11 2 19 5 22 13"},
	},
	"glasses": {
		{"face-hair", "M26 46c-3-8-2-16 2-20 1 6 0 12 0 20zM70 46c3-8 2-16-2-20-1 6 0 12 0 20z"},
		{"", "M28 30c2-11 10-17 20-17s18 6 20 17M38 20c5-2 13-3 20 0"},
		{"", "M26 43c-1 9 0 16 4 22 4 8 10 13 18 13s14-5 18-13c4-6 5-13 4-22M26 46c-6-1-6 10 2 12M70 46c6-1 6 10-2 12"},
		{"", "M33 45a6 6 0 1 0 12 0a6 6 0 1 0-12 0zM51 45a6 6 0 1 0 12 0a6 6 0 1 0-12 0zM45 44c2-1 4-1 6 0"},
		{"", "M40 77v6M56 77v6M18 96c3-8 11-11 22-13l8 7 8-7c11 2 19 5 22 13"},
	},
}

// sitterOf picks whom to draw by how the customer is addressed.
func sitterOf(name string) []stroke {
	for _, s := range []struct{ address, sitter string }{
		{"太太", "bob"}, {"女士", "bun"}, {"小姐", "bun"}, {"先生", "crop"},
	} {
		if strings.HasSuffix(name, s.address) {
			return sitters[s.sitter]
		}
	}
	return sitters["glasses"]
}

// features are what moves in a face.
type features struct{ brows, eyes, mouth string }

const (
	openEyes = "M39 45v1M57 45v1"
	nose     = "M48 48l-2.500 8.500h4.500"
)

// expressions are the seven moods, 1 first.
var expressions = [moodCount]features{
	{"M32 33.500l12.500 5.500M64 33.500l-12.500 5.500M46.500 33.500v3.500M49.500 33.500v3.500", "M37 44.500h5M54 44.500h5", "M39.500 68c1.500-7 15.500-7 17 0-4 1.500-13 1.500-17 0z"},
	{"M32.500 35.500l11.500 3.500M63.500 35.500l-11.500 3.500", openEyes, "M40 68c3-5 13-5 16 0"},
	{"M33 39c3-1.500 6-3 10.500-3.500M63 39c-3-1.500-6-3-10.500-3.500", openEyes, "M41 67c4-2.500 9-2.500 13-1"},
	{"M33 37.500c3-1.500 7-1.500 10.500 0M63 37.500c-3-1.500-7-1.500-10.500 0", openEyes, "M41.500 66h13"},
	{"M33 37c3-2.500 7-2.500 10.500-.5M63 37c-3-2.500-7-2.500-10.500-.5", openEyes, "M41 65c4 2.500 10 2.500 14 0"},
	{"M33 36c3-3.500 7-3.500 10.500-1.500M63 36c-3-3.500-7-3.500-10.500-1.500", openEyes, "M39.500 64c4 5.500 13 5.500 17 0"},
	{"M33 35c3-3.500 7-3.500 10.500-1.500M63 35c-3-3.500-7-3.500-10.500-1.500", "M35.500 46c1.500-3 5.500-3 7 0M53.500 46c1.500-3 5.500-3 7 0", "M38.500 63c2 9 17 9 19 0-5 1.500-14 1.500-19 0z"},
}

func expression(mood int) features { return expressions[min(max(mood, 1), moodCount)-1] }

// manners are the moods that a script's word for an expression shows.
var manners = map[string]int{
	"恼怒": 1, "气极": 1, "恼火": 2, "生气": 2, "恼": 2, "不耐烦": 2, "烦": 2,
	"冷淡": 3, "失望": 3, "不高兴": 3, "不快": 3, "平淡": 4, "淡淡": 4, "平静": 4, "纳闷": 4,
	"缓和": 5, "笑": 6, "笑了": 6, "高兴": 6, "满意": 7,
}

// parting is the customer as he leaves. The story may have gone on for days
// since the last word of the talk, so what his last line shows is truer than
// the mood the talk ended in.
func parting(c stage.Customer) stage.Customer {
	if mood, ok := manners[c.Expression]; ok {
		c.Mood = mood
	}
	return c
}

// present is the customer as he is now.
func present(st staging) stage.Customer {
	if st.Ended {
		return parting(st.Customer)
	}
	return st.Customer
}

// faceLabel says who is seen in which mood.
func faceLabel(ctx context.Context, c stage.Customer) string {
	return ui.T(ctx, "rehearse.face", "name", c.Name, "mood", moodWord(ctx, c.Mood))
}

// moodLabel says the mood and where it stands among the seven.
func moodLabel(ctx context.Context, mood int) string {
	return ui.T(ctx, "rehearse.mood_label", "mood", moodWord(ctx, mood), "n", mood, "of", moodCount)
}

// moodTone is the colour of a mood: bad, fair or good. The word and the number
// of bars say the same.
func moodTone(mood int) string {
	switch {
	case mood <= 2:
		return "mood-bad"
	case mood <= 4:
		return "mood-fair"
	}
	return "mood-good"
}
