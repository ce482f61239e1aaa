package scripts

import (
	"context"

	"qibu/internal/people"
	"qibu/internal/web/trainer/desk"
)

func (p pages) publication(ctx context.Context, who people.Actor, slug string) (desk.Publication, error) {
	pub, err := p.academy.Publication(ctx, who, slug)
	return desk.Publication{
		Text: textOf(pub.Script), Base: pub.Base, Publishable: pub.Publishable(),
		Checked: findings(pub.Check, address(slug)), Consequences: consequences(pub),
	}, err
}

func (p pages) publish(ctx context.Context, who people.Actor, slug string, version int, base string) (said string, err error) {
	done, err := p.academy.PublishScript(ctx, who, slug, version, base)
	if !done.New {
		return "script_same", err
	}
	return "script_published", err
}
