/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ctl-screen.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static gboolean
is_set (const char *variable)
{
  const char *value = g_getenv (variable);

  return value != NULL && *value != '\0';
}

/**
 * pf_ctl_screen_init:
 * @screen: (out): what to fill
 * @file: stdout or stderr
 *
 * Looks at what @file is. Colour is for terminals only, and not where NO_COLOR is set
 * (https://no-color.org).
 */
void
pf_ctl_screen_init (PfCtlScreen *screen, FILE *file)
{
  gboolean is_terminal = isatty (fileno (file));
  struct winsize size = { 0 };

  screen->file = file;
  screen->width = PF_CTL_SCREEN_MIN_WIDTH;
  if (is_terminal && ioctl (fileno (file), TIOCGWINSZ, &size) == 0 && size.ws_col > screen->width)
    screen->width = size.ws_col;
  screen->colour = is_terminal && !is_set ("NO_COLOR") && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
  screen->ascii = !g_get_charset (NULL);
}

/**
 * pf_ctl_screen_get_start:
 * @screen: where it goes
 * @style: how it looks
 *
 * Returns: (transfer none): what switches @style on; "" without colour
 */
const char *
pf_ctl_screen_get_start (const PfCtlScreen *screen, PfCtlStyle style)
{
  static const char *const codes[] = {
    [PF_CTL_STYLE_PLAIN] = "",         [PF_CTL_STYLE_HEADING] = "\033[1m",
    [PF_CTL_STYLE_GUEST] = "\033[36m", [PF_CTL_STYLE_PROBLEM] = "\033[31m",
    [PF_CTL_STYLE_FAINT] = "\033[2m",
  };

  return screen->colour ? codes[style] : "";
}

/**
 * pf_ctl_screen_get_end:
 * @screen: where it goes
 * @style: how it looked
 *
 * Returns: (transfer none): what switches @style off; "" without colour
 */
const char *
pf_ctl_screen_get_end (const PfCtlScreen *screen, PfCtlStyle style)
{
  return screen->colour && style != PF_CTL_STYLE_PLAIN ? "\033[0m" : "";
}

/**
 * pf_ctl_screen_write:
 * @screen: where it goes
 * @text: clean UTF-8 with its line breaks
 *
 * Prints @text, spelt with ASCII letters where the locale has no others.
 */
void
pf_ctl_screen_write (const PfCtlScreen *screen, const char *text)
{
  g_autofree char *ascii = screen->ascii ? g_str_to_ascii (text, NULL) : NULL;

  fputs (ascii != NULL ? ascii : text, screen->file);
}

/**
 * pf_ctl_screen_say:
 * @screen: where it goes
 * @indent: columns
 * @style: how it looks
 * @format: as for printf, without a line break at the end
 *
 * Prints a paragraph, wrapped to the width of the screen.
 */
void
pf_ctl_screen_say (const PfCtlScreen *screen, guint indent, PfCtlStyle style, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;
  g_autofree char *lines = NULL;
  g_autofree char *styled = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  clean = pf_ctl_text_clean (text);
  lines = pf_ctl_text_wrap (clean, screen->width, indent);
  styled = g_strconcat (pf_ctl_screen_get_start (screen, style), lines, pf_ctl_screen_get_end (screen, style),
                        "\n", NULL);
  pf_ctl_screen_write (screen, styled);
}
