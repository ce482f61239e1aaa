package web

import (
	"errors"
	"math/rand/v2"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"qibu/internal/fault"
	"qibu/internal/i18n"
	"qibu/internal/people"
	"qibu/internal/web/page"
)

// request finds out who asks and in which language, and wraps both with the request.
func (s *Server) request(c *fiber.Ctx) (*page.Request, error) {
	var who people.Actor
	var me people.Person
	if token := c.Cookies(page.LoginCookie(s.site)); token != "" {
		var err error
		who, me, err = s.academy.Resume(c.UserContext(), token)
		if err != nil && !errors.Is(err, fault.Unauthenticated) {
			return nil, err
		}
	}
	text := language(c, who)
	c.Locals(textKey, text)
	c.Locals(actorKey, who)
	return page.NewRequest(c, s.site, who, me, text), nil
}

// language is the person's own, else the one chosen in this browser, else Chinese.
func language(c *fiber.Ctx, who people.Actor) *i18n.Printer {
	if who.Language != "" {
		return i18n.For(who.Language)
	}
	return i18n.For(c.Cookies(page.LanguageCookie))
}

// askLogin leads to the login page and back: to the same page, or after a form
// was sent, to the page the form stood on.
func (s *Server) askLogin(c *fiber.Ctx) error {
	if wantsJSON(c) {
		return fault.New(fault.Unauthenticated, "error.unauthenticated")
	}
	next := c.OriginalURL()
	if c.Method() != fiber.MethodGet {
		next = "/"
		if from, err := url.Parse(c.Get(fiber.HeaderReferer)); err == nil && from.Host == string(c.Request().Host()) {
			next = from.RequestURI()
		}
	}
	if !page.Local(next) || len(next) > 1000 {
		next = "/"
	}
	to := "/login"
	if next != "/" {
		to += "?next=" + url.QueryEscape(next)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

const (
	requestIDKey = "request-id"
	textKey      = "text"
	actorKey     = "actor"
)

// newRequestID numbers a request for the log and the error page: short enough to
// read out on the telephone.
func newRequestID() string {
	const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
	n := rand.Uint64()
	var id [8]byte
	for i := range id {
		id[i] = letters[n%uint64(len(letters))]
		n /= uint64(len(letters))
	}
	return string(id[:])
}
