// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The terminal of kntsctl top.
 */
#include <curses.h>
#include <stdlib.h>
#include <term.h>
#include <unistd.h>

#include "kntsctl/top_screen.h"

enum {
	PAIR_GOOD = 1,
	PAIR_BAD,
};

static SCREEN *screen;

static int no_terminal(const char *which, const char *why)
{
	return usage_error("top needs a terminal, but %s %s: 'kntsctl top --batch"
			   " 1' prints one screen as text", which, why);
}

int top_screen_open(void)
{
	const char *term = getenv("TERM");
	char name[64], *move;
	int known;

	snprintf(name, sizeof(name), "TERM=%s", term ? term : "");
	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO))
		return no_terminal("input or output", "is none");
	if (setupterm(NULL, STDOUT_FILENO, &known) == ERR)
		return no_terminal(name, "is not known here");
	move = tigetstr("cup");
	if (!move || move == (char *)-1)
		return no_terminal(name, "cannot move its cursor");
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return no_terminal(name, "cannot be used");
	cbreak();
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	if (wants_colour() && start_color() == OK) {
		use_default_colors();
		init_pair(PAIR_GOOD, COLOR_GREEN, -1);
		init_pair(PAIR_BAD, COLOR_RED, -1);
	}
	return 0;
}

void top_screen_close(void)
{
	endwin();
	delscreen(screen);
}

/* Return: how a line of this kind is emphasised. */
static chtype attributes(enum top_line kind)
{
	switch (kind) {
	case TOP_GOOD:
		return A_BOLD | COLOR_PAIR(PAIR_GOOD);
	case TOP_BAD:
		return A_BOLD | COLOR_PAIR(PAIR_BAD);
	case TOP_TABLE:
		return A_REVERSE;
	default:
		return A_NORMAL;
	}
}

/* The last line is for the keys. */
static void put_line(enum top_line kind, const char *text, void *arg)
{
	int *row = arg;

	if (*row >= LINES - 1)
		return;
	attrset(attributes(kind));
	mvaddnstr(*row, 0, text, COLS);
	if (kind == TOP_TABLE)
		hline(' ' | A_REVERSE, COLS - getcurx(stdscr));
	attrset(A_NORMAL);
	(*row)++;
}

void top_screen_draw(const struct top_frame *frame, const char *status)
{
	int room = LINES - 1 - TOP_LINES_ABOVE;
	int row = 0;

	erase();
	top_view(frame, room > 0 ? room : 0, put_line, &row);
	if (LINES > 0)
		mvaddnstr(LINES - 1, 0, status, COLS);
	refresh();
}

enum top_key top_screen_key(double wait_s)
{
	timeout(wait_s > 0 ? (int)(wait_s * 1000) + 1 : 0);
	switch (getch()) {
	case ERR:
		return TOP_KEY_NONE;
	case 'q':
	case 'Q':
		return TOP_KEY_QUIT;
	case 's':
		return TOP_KEY_SORT;
	case 'p':
	case ' ':
		return TOP_KEY_PAUSE;
	case '-':
		return TOP_KEY_SLOWER;
	case '+':
		return TOP_KEY_FASTER;
	default:
		return TOP_KEY_REDRAW;
	}
}
