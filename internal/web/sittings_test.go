package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
)

// examQuiz is the quiz of the exams.
const examQuiz = "step-1-appointment"

// What whoever set the exams wrote.
const examTitle, examHonour = "三月考试", "我独立作答。"

// summon gives a user an exam that is open, one that is ahead, one to be called off
// and one that is over, and a free text that waits to be marked.
func (s *site) summon(t *testing.T, u *user, storeID string) {
	t.Helper()
	now := s.academy.Now()
	for name, opens := range map[string]time.Time{
		"{exam}": now.Add(-time.Hour), "{ahead}": now.Add(24 * time.Hour), "{off}": now.Add(24 * time.Hour), "{over}": now.Add(-48 * time.Hour),
	} {
		e := store.Sitting{
			ID: store.NewID(), Title: examTitle, Quiz: examQuiz, Edition: s.academy.Library().Hash("quiz", examQuiz), StoreID: storeID,
			Opens: opens, Closes: opens.Add(2 * time.Hour), Releases: opens.Add(2 * time.Hour), Minutes: 15, Honour: examHonour, CreatedBy: u.ID,
		}
		u.things[name] = e.ID
		s.write(t, func(tx *store.Tx) error {
			if err := tx.AddSitting(e); err != nil {
				return err
			}
			return tx.SetExaminees(e.ID, []string{u.ID})
		})
	}
	for n, role := range []string{"trainer", "hr"} {
		u.things["{later-"+role+"}"] = now.In(s.academy.Zone()).Add(time.Duration(n+3) * time.Hour).Format("2006-01-02T15:04")
	}
	u.things["{text}"] = s.waiting(t, u)
}

// waiting records an ended attempt with a text of somebody that nobody has marked.
func (s *site) waiting(t *testing.T, u *user) (id string) {
	t.Helper()
	l := s.academy.Library()
	bank := l.Quizzes[examQuiz]
	s.write(t, func(tx *store.Tx) error {
		a := quiz.Attempt{
			ID: store.NewID(), Person: u.ID, Quiz: examQuiz, Hash: l.Hash("quiz", examQuiz), Number: 1,
			State: quiz.InProgress, StartedAt: tx.Now, Deadline: tx.Now.Add(time.Hour), Paper: bank.Draw([32]byte{1}, nil),
		}
		if err := tx.AddAttempt(a); err != nil {
			return err
		}
		id, a.State, a.EndedAt = a.ID, quiz.Submitted, tx.Now
		if err := tx.EndAttempt(a); err != nil {
			return err
		}
		return tx.AddFreeTexts([]store.FreeText{{AttemptID: a.ID, Slot: 1, Question: a.Paper.Slots[0].Question}})
	})
	return id
}

// An exam from the form to the board, as a trainer and an advisor go through it.
func TestExamPages(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	form := "title=四月考试&quiz=" + examQuiz + "&opens=" + stamp(w, time.Hour) + "&closes=" + stamp(w, 3*time.Hour) + "&minutes=0&honour=我独立作答。&one_by_one=1"
	asked := func(method, path, body string, want int, contain ...string) answer {
		t.Helper()
		a := w.send(t, w.trainer, method, path, body, nil)
		if a.status != want {
			t.Fatalf("%s %s: %d, want %d\n%s", method, path, a.status, want, a.body)
		}
		for _, text := range contain {
			if !strings.Contains(a.body, text) {
				t.Errorf("%s %s does not say %q", method, path, text)
			}
		}
		return a
	}
	asked(http.MethodGet, "/trainer/exams/new", "", 200, "新建场次", w.advisor.Name)
	asked(http.MethodPost, "/trainer/exams", form+"&staff_nos=QB-101%0AQB-999%0AQB-101%0AQB-201", 422,
		"第 2 行 QB-999", "第 3 行 QB-101", "第 4 行 QB-201", "四月考试")
	asked(http.MethodPost, "/trainer/exams", form, 422, "请勾选或粘贴至少一个人")
	asked(http.MethodPost, "/trainer/exams", form+"&q=何&find=1", 200, w.mate.Name)
	made := asked(http.MethodPost, "/trainer/exams", form+"&staff_nos=QB-101&people="+w.mate.ID, 303)
	board, _, _ := strings.Cut(made.location(), "?")
	asked(http.MethodGet, made.location(), "", 200, "四月考试", "林晓", "何宁", "未考", "场次设好了")
	asked(http.MethodGet, board+"/edit", "", 200, "我独立作答", `value="`+w.mate.ID+`" checked`)
	asked(http.MethodPost, board+"/people/"+w.mate.ID, "extra=50&opens=&closes=&excused=%20", 303)
	asked(http.MethodGet, board, "", 200, "加时 50%")
	if a := w.send(t, w.advisor, http.MethodGet, "/learn", "", nil); !strings.Contains(a.body, "四月考试") || !strings.Contains(a.body, "还没到时间") {
		t.Error("the home page does not announce the exam")
	}
}

func stamp(w *town, in time.Duration) string {
	return w.academy.Now().In(w.academy.Zone()).Add(in).Format("2006-01-02T15:04")
}

// The honour statement comes first; the board knows who sits; no score is anywhere
// before results are released.
func TestSittingAnExam(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	id := w.advisor.things["{exam}"]
	page := w.send(t, w.advisor, http.MethodGet, "/exams/"+id, "", nil)
	for _, text := range []string{"我独立作答。", "开始考试", "15 分钟"} {
		if !strings.Contains(page.body, text) {
			t.Errorf("the exam's page does not say %q", text)
		}
	}
	if a := w.send(t, w.advisor, http.MethodPost, "/exams/"+id+"/attempts", "", nil); a.status != 422 || !strings.Contains(a.body, "请先勾选") {
		t.Errorf("without the statement: %d", a.status)
	}
	begun := w.send(t, w.advisor, http.MethodPost, "/exams/"+id+"/attempts", "honour=1", nil)
	if begun.status != 303 || !strings.HasPrefix(begun.location(), "/attempts/") {
		t.Fatalf("%d %s", begun.status, begun.location())
	}
	live := func(want string) {
		t.Helper()
		a := w.send(t, w.trainer, http.MethodGet, "/trainer/exams/"+id, "", map[string]string{"X-Fragment": "board"})
		if a.status != 200 || !strings.Contains(a.body, want) || strings.Contains(a.body, "<html") || strings.Contains(a.body, "0%") {
			t.Errorf("board %d, want %s:\n%s", a.status, want, a.body)
		}
	}
	live("在考")
	done := w.send(t, w.advisor, http.MethodPost, begun.location()+"/submit", "", nil)
	if done.status == 200 { // asked once because the paper is blank
		done = w.send(t, w.advisor, http.MethodPost, begun.location()+"/submit", "sure=1", nil)
	}
	live("已交")
	who := people.Actor{ID: w.advisor.ID, Roles: []people.Role{people.Advisor}}
	if _, err := w.academy.Result(t.Context(), who, strings.TrimPrefix(begun.location(), "/attempts/")); err == nil {
		t.Error("the result is known while the window is open")
	}
	if a := w.send(t, w.advisor, http.MethodGet, "/exams/"+id, "", nil); !strings.Contains(a.body, "已交卷") || strings.Contains(a.body, "开始考试") {
		t.Error("the exam's page does not say that it is handed in")
	}
}

// An exam is cancelled on a page of its own, with a reason; whoever was at it sees
// what was asked and answered, and nothing of what is right.
func TestCancellingAnExam(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	board := "/trainer/exams/" + w.advisor.things["{exam}"]
	says := func(u *user, path string, contain ...string) string {
		t.Helper()
		a := w.send(t, u, http.MethodGet, path, "", nil)
		if a.status != 200 {
			t.Fatalf("%s: %d", path, a.status)
		}
		for _, text := range contain {
			if !strings.Contains(a.body, text) {
				t.Errorf("%s does not say %q", path, text)
			}
		}
		return a.body
	}
	says(w.trainer, board, board+"/cancel", "题库版本")
	says(w.trainer, board+"/cancel", "还没有人开考", "应考的 1 人")
	begun := w.send(t, w.advisor, http.MethodPost, "/exams/"+w.advisor.things["{exam}"]+"/attempts", "honour=1", nil).location()
	says(w.trainer, board+"/cancel", "已有 1 人开考")
	if a := w.send(t, w.trainer, http.MethodPost, board+"/cancel", "reason=%20", nil); a.status != 422 || !strings.Contains(a.body, "请写明原因") {
		t.Errorf("without a reason: %d", a.status)
	}
	for range 2 { // from two tabs
		if a := w.send(t, w.trainer, http.MethodPost, board+"/cancel", "reason=<b>停电</b>", nil); a.status != 303 || !strings.HasPrefix(a.location(), board) {
			t.Fatalf("cancelled: %d %s", a.status, a.location())
		}
	}
	if body := says(w.trainer, board, "已取消", "&lt;b&gt;停电&lt;/b&gt;", w.trainer.Name+"取消了这场考试"); strings.Contains(body, board+"/cancel") || strings.Contains(body, "缺考</span>") {
		t.Error("the board still offers to cancel, or somebody is absent")
	}
	another := "/trainer/exams/new?again=" + w.advisor.things["{exam}"]
	says(w.trainer, board, another)
	says(w.trainer, another, `value="`+examTitle+`"`, "要考的 1 人已经勾上")
	if a := w.send(t, w.trainer, http.MethodGet, board+"/cancel", "", nil); a.status != 303 || a.location() != board {
		t.Errorf("the page to cancel it afterwards: %d %s", a.status, a.location())
	}
	says(w.advisor, "/learn", "考试取消", examTitle, "&lt;b&gt;停电&lt;/b&gt;")
	says(w.advisor, "/record", "考试已取消")
	if a := w.send(t, w.advisor, http.MethodGet, begun+"/result", "", nil); a.status != 303 || a.location() != "/exams/"+w.advisor.things["{exam}"] {
		t.Fatalf("the result: %d %s", a.status, a.location())
	}
	body := says(w.advisor, "/exams/"+w.advisor.things["{exam}"], "考试已取消", "&lt;b&gt;停电&lt;/b&gt;", "<fieldset disabled", "<quiz-question")
	if strings.Contains(body, "开始考试") || strings.Contains(body, "explanation") || strings.Contains(body, "answer-right") {
		t.Error("the exam's page offers to begin, or tells what is right")
	}
}

// A trainer is told that a later edition than the exam's is in force, and moves the
// exam there.
func TestMovingAnExam(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	e := store.Sitting{
		ID: store.NewID(), Title: examTitle, Quiz: examQuiz, Edition: "earlier", StoreID: w.trainer.StoreID, Minutes: 15, CreatedBy: w.trainer.ID,
		Opens: w.academy.Now().Add(time.Hour), Closes: w.academy.Now().Add(2 * time.Hour), Releases: w.academy.Now().Add(2 * time.Hour),
	}
	w.write(t, func(tx *store.Tx) error {
		if err := tx.RecordEdition(store.Edition{Kind: "quiz", Slug: examQuiz, Hash: "earlier", Origin: store.Shipped}); err != nil {
			return err
		}
		return tx.AddSitting(e)
	})
	board := "/trainer/exams/" + e.ID
	page := w.send(t, w.trainer, http.MethodGet, board, "", nil).body
	if !strings.Contains(page, "之后又发布了新版本") || !strings.Contains(page, board+"/edition") {
		t.Error("the board does not say that there is a later edition")
	}
	if a := w.send(t, w.trainer, http.MethodPost, board+"/edition", "", nil); a.status != 303 || !strings.HasPrefix(a.location(), board) {
		t.Fatalf("moved: %d %s", a.status, a.location())
	}
	if page = w.send(t, w.trainer, http.MethodGet, board, "", nil).body; strings.Contains(page, "之后又发布了新版本") {
		t.Error("the board still says that there is a later edition")
	}
}

// A free text is anonymous until it is marked.
func TestMarkingIsAnonymous(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	path := "/trainer/marking/" + w.mate.things["{text}"] + "/1"
	for _, address := range []string{"/trainer/marking", path} {
		if a := w.send(t, w.trainer, http.MethodGet, address, "", nil); a.status != 200 || strings.Contains(a.body, w.mate.Name) {
			t.Errorf("%s: %d, or it names who wrote", address, a.status)
		}
	}
	if a := w.send(t, w.trainer, http.MethodPost, path, "points=9&comment=", nil); a.status != 422 {
		t.Errorf("points for no criterion: %d", a.status)
	}
	if a := w.send(t, w.trainer, http.MethodPost, path, "comment=好&next=1", nil); a.status != 303 || !strings.HasPrefix(a.location(), "/trainer/marking/") {
		t.Errorf("marked: %d %s", a.status, a.location())
	}
	if a := w.send(t, w.trainer, http.MethodGet, path, "", nil); !strings.Contains(a.body, w.mate.Name) || !strings.Contains(a.body, "成绩已经定了") {
		t.Error("who wrote it is not told after marking")
	}
}
