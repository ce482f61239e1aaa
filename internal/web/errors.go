package web

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"

	"qibu/internal/fault"
	"qibu/internal/i18n"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

// statuses is the one table from what went wrong to the HTTP status.
var statuses = map[fault.Kind]int{
	fault.Internal:        fiber.StatusInternalServerError,
	fault.Invalid:         fiber.StatusUnprocessableEntity,
	fault.Unauthenticated: fiber.StatusUnauthorized,
	fault.Forbidden:       fiber.StatusForbidden,
	fault.NotFound:        fiber.StatusNotFound,
	fault.Conflict:        fiber.StatusConflict,
	fault.TooMany:         fiber.StatusTooManyRequests,
	fault.TooLarge:        fiber.StatusRequestEntityTooLarge,
	fault.Unavailable:     fiber.StatusServiceUnavailable,
}

var errCrossSite = fault.New(fault.Forbidden, "error.cross_site")

// panicked makes an error of what recover returned, with the stack for the log.
func panicked(cause any) error {
	return fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
}

// fail answers an error: a page for a person, JSON for a script. What a person
// reads comes from the catalogue; the cause goes to the log only.
func (s *Server) fail(c *fiber.Ctx, err error) error {
	status, key, args := verdict(err)
	id, _ := c.Locals(requestIDKey).(string)
	if status >= fiber.StatusInternalServerError {
		s.log.Error("request failed", "request", id, "method", c.Method(), "route", c.Route().Path, "status", status, "err", err)
	}
	text, ok := c.Locals(textKey).(*i18n.Printer)
	if !ok {
		text = i18n.For(c.Cookies(page.LanguageCookie))
	}
	if wantsJSON(c) {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.Status(status).JSON(fiber.Map{"message": text.With(key, args), "request": id, "fields": fieldsOf(err)})
	}
	who, _ := c.Locals(actorKey).(people.Actor)
	r := page.NewRequest(c, s.site, who, people.Person{}, text)
	audience := ui.Learner
	if who.ID == "" {
		audience = ui.Visitor
	}
	return r.ShowStatus(status, text.T("error.title"), audience, ui.Problem(text.With(key, args), id, ui.Home(who)))
}

// verdict decides status and text of an error.
func verdict(err error) (status int, key string, args fault.Args) {
	var f *fault.Error
	var h *fiber.Error
	switch {
	case errors.As(err, &f):
		return statuses[f.Kind], f.Key, f.Args
	case errors.As(err, &h):
		switch h.Code {
		case fiber.StatusNotFound:
			return h.Code, "error.not_found", nil
		case fiber.StatusMethodNotAllowed:
			return h.Code, "error.method", nil
		case fiber.StatusRequestEntityTooLarge, fiber.StatusRequestHeaderFieldsTooLarge:
			return h.Code, "error.too_large", nil
		}
		if h.Code < fiber.StatusInternalServerError {
			return h.Code, "error.bad_request", nil
		}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return fiber.StatusServiceUnavailable, "error.unavailable", nil
	}
	return fiber.StatusInternalServerError, "error.internal", nil
}

func fieldsOf(err error) []fault.Field {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Fields
	}
	return nil
}

func wantsJSON(c *fiber.Ctx) bool {
	return strings.HasPrefix(c.Get(fiber.HeaderAccept), fiber.MIMEApplicationJSON)
}
