/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-theme-colour.h"

#include <math.h>

/* The badges that say who has a socket. They bring their own paper, so they read the same in a light and a
 * dark theme. */
const PfThemeColour pf_theme_colours[] = {
  { "host", 0x1c5a96, 0xffffff },
  { "guest", 0x9e3a00, 0xffffff },
  { "nobody", 0x4d4d4d, 0xffffff },
};

const guint pf_theme_n_colours = G_N_ELEMENTS (pf_theme_colours);

static double
linearize (guint channel)
{
  double value = channel / 255.0;

  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static double
get_luminance (guint32 colour)
{
  return 0.2126 * linearize ((colour >> 16) & 0xff) + 0.7152 * linearize ((colour >> 8) & 0xff)
         + 0.0722 * linearize (colour & 0xff);
}

/**
 * pf_theme_colour_contrast:
 * @a: a colour, 0xRRGGBB
 * @b: another
 *
 * Returns: their contrast, 1 to 21, as WCAG 2.1 defines it
 */
double
pf_theme_colour_contrast (guint32 a, guint32 b)
{
  double first = get_luminance (a) + 0.05, second = get_luminance (b) + 0.05;

  return first > second ? first / second : second / first;
}
