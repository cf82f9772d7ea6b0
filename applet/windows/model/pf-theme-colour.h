/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PfThemeColour:
 * @name: what the style sheet calls it
 * @paper: what is written on, 0xRRGGBB
 * @ink: what is written with
 *
 * A pair of colours of our own. All others are the theme's.
 */
typedef struct
{
  const char *name;
  guint32 paper;
  guint32 ink;
} PfThemeColour;

extern const PfThemeColour pf_theme_colours[];
extern const guint pf_theme_n_colours;

double pf_theme_colour_contrast (guint32 a, guint32 b);

G_END_DECLS
