/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "pf-tray-state.h"

static const struct
{
  int size;
  const char *folder;
} sizes[] = { { 16, "16x16" }, { 22, "22x22" }, { 24, "24x24" }, { 32, "32x32" }, { 48, "48x48" } };

/* What icons of a tray are shown on: white, black, and what themes have in between. */
static const guint grounds[] = { 0xffffff, 0x000000, 0x2e3436, 0xd9d4cf, 0x808080, 0x757575 };

static GdkPixbuf *
load_icon (const char *folder, const char *name, int size)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strconcat (name, ".svg", NULL);
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "..", "icons", "hicolor", folder, "apps", file, NULL);
  GdkPixbuf *icon = gdk_pixbuf_new_from_file_at_size (path, size, size, &error);

  g_assert_no_error (error);
  g_assert_cmpint (gdk_pixbuf_get_width (icon), ==, size);
  g_assert_cmpint (gdk_pixbuf_get_height (icon), ==, size);
  g_assert_true (gdk_pixbuf_get_has_alpha (icon));
  return icon;
}

/* How much of the picture is opaque in the one and clear in the other, in per cent. Colour does not count. */
static guint
compare_shapes (GdkPixbuf *a, GdkPixbuf *b)
{
  int size = gdk_pixbuf_get_width (a);
  const guint8 *first = gdk_pixbuf_read_pixels (a);
  const guint8 *second = gdk_pixbuf_read_pixels (b);
  guint n_different = 0;

  g_assert_cmpint (gdk_pixbuf_get_rowstride (a), ==, gdk_pixbuf_get_rowstride (b));
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++)
      {
        int alpha = y * gdk_pixbuf_get_rowstride (a) + x * 4 + 3;

        if ((first[alpha] >= 128) != (second[alpha] >= 128))
          n_different++;
      }
  return n_different * 100 / (guint)(size * size);
}

static guint
measure_coverage (GdkPixbuf *icon)
{
  g_autoptr (GdkPixbuf) clear = gdk_pixbuf_copy (icon);

  gdk_pixbuf_fill (clear, 0);
  return compare_shapes (icon, clear);
}

/* WCAG 2, “relative luminance”. */
static double
get_luminance (guint red, guint green, guint blue)
{
  const guint parts[] = { red, green, blue };
  double linear[3];

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      double value = parts[i] / 255.0;

      linear[i] = value <= 0.03928 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
    }
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/* How much of what is opaque in the picture can be told from that ground, at 4.5:1, in per cent. */
static guint
measure_contrast (GdkPixbuf *icon, guint ground)
{
  double behind = get_luminance (ground >> 16, ground >> 8 & 0xff, ground & 0xff);
  guint n_opaque = 0;
  guint n_told = 0;

  for (int y = 0; y < gdk_pixbuf_get_height (icon); y++)
    for (int x = 0; x < gdk_pixbuf_get_width (icon); x++)
      {
        const guint8 *pixel = gdk_pixbuf_read_pixels (icon) + y * gdk_pixbuf_get_rowstride (icon) + x * 4;
        double luminance = get_luminance (pixel[0], pixel[1], pixel[2]);
        double ratio = (MAX (luminance, behind) + 0.05) / (MIN (luminance, behind) + 0.05);

        n_opaque += pixel[3] >= 128;
        n_told += pixel[3] >= 128 && ratio >= 4.5;
      }
  return n_told * 100 / n_opaque;
}

/* How much of what is seen is half transparent, in per cent: edges that are not where pixels are, and slanting ones. */
static guint
measure_blur (GdkPixbuf *icon)
{
  guint n_seen = 0;
  guint n_half = 0;

  for (int y = 0; y < gdk_pixbuf_get_height (icon); y++)
    for (int x = 0; x < gdk_pixbuf_get_width (icon); x++)
      {
        guint8 alpha = gdk_pixbuf_read_pixels (icon)[y * gdk_pixbuf_get_rowstride (icon) + x * 4 + 3];

        n_seen += alpha >= 16;
        n_half += alpha >= 16 && alpha < 240;
      }
  return n_half * 100 / n_seen;
}

static void
check_icon (GdkPixbuf *icon, guint coverage)
{
  g_assert_cmpuint (measure_coverage (icon), >=, coverage);
  for (gsize i = 0; i < G_N_ELEMENTS (grounds); i++)
    g_assert_cmpuint (measure_contrast (icon, grounds[i]), >=, 25);
}

/* At the sizes of panels each state has to be seen on any ground, and told from each other one by its shape alone. */
static void
test_states (void)
{
  for (guint size = 0; size < G_N_ELEMENTS (sizes); size++)
    {
      g_autoptr (GPtrArray) icons = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint look = 0; look < PF_N_LOOKS; look++)
        {
          GdkPixbuf *icon = load_icon (sizes[size].folder, pf_look_get_icon_name ((PfLook)look), sizes[size].size);

          check_icon (icon, 15);
          g_assert_cmpuint (measure_blur (icon), <=, 35);
          for (guint other = 0; other < icons->len; other++)
            g_assert_cmpuint (compare_shapes (icon, g_ptr_array_index (icons, other)), >=, 8);
          g_ptr_array_add (icons, icon);
        }
    }
}

static void
test_application (void)
{
  for (guint size = 0; size < G_N_ELEMENTS (sizes); size++)
    {
      g_autoptr (GdkPixbuf) icon = load_icon (sizes[size].folder, "org.portferry.Portferry", sizes[size].size);

      check_icon (icon, 25);
    }
}

/* Icons of our windows that a theme may not have. */
static void
test_windows (void)
{
  static const char *const names[]
      = { "org.portferry.Portferry-ok-symbolic", "org.portferry.Portferry-important-symbolic" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GdkPixbuf) icon = load_icon ("symbolic", names[i], 16);

      g_assert_cmpuint (measure_coverage (icon), >=, 10);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/icons/windows", test_windows);
  g_test_add_func ("/icons/states", test_states);
  g_test_add_func ("/icons/application", test_application);
  return g_test_run ();
}
