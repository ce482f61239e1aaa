package academy

import "context"

// Reload puts another library in force while work goes on. Attempts and sessions
// that are open end against the editions they began with. When Reload fails
// before the new editions are recorded, the old library stays.
func (a *Academy) Reload(ctx context.Context, l *Library) error { return a.publish(ctx, l) }
