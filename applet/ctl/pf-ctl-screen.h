/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

#define PF_CTL_SCREEN_MIN_WIDTH 80

/**
 * PfCtlScreen:
 * @file: where text goes
 * @width: columns
 * @colour: whether to use colour; never the only sign of anything
 * @ascii: whether the locale has ASCII only
 *
 * What standard output, or standard error, can show.
 */
typedef struct
{
  FILE *file;
  guint width;
  gboolean colour;
  gboolean ascii;
} PfCtlScreen;

/**
 * PfCtlStyle:
 * @PF_CTL_STYLE_PLAIN: as it is
 * @PF_CTL_STYLE_HEADING: a title
 * @PF_CTL_STYLE_GUEST: what the guest has
 * @PF_CTL_STYLE_PROBLEM: what does not work
 * @PF_CTL_STYLE_FAINT: what matters less
 */
typedef enum
{
  PF_CTL_STYLE_PLAIN,
  PF_CTL_STYLE_HEADING,
  PF_CTL_STYLE_GUEST,
  PF_CTL_STYLE_PROBLEM,
  PF_CTL_STYLE_FAINT,
} PfCtlStyle;

void pf_ctl_screen_init (PfCtlScreen *screen, FILE *file);
const char *pf_ctl_screen_get_start (const PfCtlScreen *screen, PfCtlStyle style);
const char *pf_ctl_screen_get_end (const PfCtlScreen *screen, PfCtlStyle style);
void pf_ctl_screen_write (const PfCtlScreen *screen, const char *text);
void pf_ctl_screen_say (const PfCtlScreen *screen, guint indent, PfCtlStyle style, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

const char *pf_ctl_text_or_empty (const char *text);
guint pf_ctl_text_get_width (const char *text);
char *pf_ctl_text_clean (const char *text);
char *pf_ctl_text_shorten_vendor (const char *name);
char *pf_ctl_text_ellipsize (const char *text, guint width, const char *ellipsis);
char *pf_ctl_text_ellipsize_middle (const char *text, guint width, const char *ellipsis);
char *pf_ctl_text_wrap (const char *text, guint width, guint indent);

G_END_DECLS
