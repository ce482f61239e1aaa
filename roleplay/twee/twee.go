// Package twee reads and writes Twee 3, the plain-text notation of Twine
// stories: Import makes a 剧本 of one, Export makes one of a scenario.
package twee
