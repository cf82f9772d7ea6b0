/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gdk-pixbuf/gdk-pixbuf.h>

#include "pf-tray-state.h"

static const int sizes[] = { 16, 22, 24, 32 };

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

/* At the sizes of panels each state has to be seen, and told from each other one by its shape alone. */
static void
test_states (void)
{
  for (guint size = 0; size < G_N_ELEMENTS (sizes); size++)
    {
      g_autoptr (GPtrArray) icons = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint look = 0; look < PF_N_LOOKS; look++)
        {
          GdkPixbuf *icon = load_icon ("symbolic", pf_look_get_icon_name ((PfLook)look), sizes[size]);

          g_assert_cmpuint (measure_coverage (icon), >=, 15);
          for (guint other = 0; other < icons->len; other++)
            g_assert_cmpuint (compare_shapes (icon, g_ptr_array_index (icons, other)), >=, 8);
          g_ptr_array_add (icons, icon);
        }
    }
}

/* Where people write from right to left the arrow points to the left. */
static void
test_mirrored (void)
{
  g_autoptr (GdkPixbuf) icon = load_icon ("symbolic", pf_look_get_icon_name (PF_LOOK_LENT), 32);
  g_autoptr (GdkPixbuf) mirrored = load_icon ("symbolic", "org.portferry.Portferry-lent-symbolic-rtl", 32);
  g_autoptr (GdkPixbuf) flipped = gdk_pixbuf_flip (mirrored, TRUE);

  g_assert_cmpuint (compare_shapes (icon, flipped), <=, 1);
  g_assert_cmpuint (compare_shapes (icon, mirrored), >=, 8);
}

static void
test_application (void)
{
  for (guint size = 0; size < G_N_ELEMENTS (sizes); size++)
    {
      g_autoptr (GdkPixbuf) icon = load_icon ("scalable", "org.portferry.Portferry", sizes[size]);

      g_assert_cmpuint (measure_coverage (icon), >=, 25);
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
  g_test_add_func ("/icons/mirrored", test_mirrored);
  g_test_add_func ("/icons/windows", test_windows);
  g_test_add_func ("/icons/states", test_states);
  g_test_add_func ("/icons/application", test_application);
  return g_test_run ();
}
