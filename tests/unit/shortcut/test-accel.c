/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-accel.h"
#include "pf-error.h"

static void
assert_reads (const char *text, const char *gtk, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfAccel) accel = pf_accel_parse (text, &error);
  g_autofree char *as_gtk = NULL;
  g_autofree char *as_words = NULL;
  g_autoptr (PfAccel) again = NULL;

  g_assert_no_error (error);
  as_gtk = pf_accel_to_gtk (accel);
  as_words = pf_accel_to_words (accel);
  g_assert_cmpstr (as_gtk, ==, gtk);
  g_assert_cmpstr (as_words, ==, words);
  again = pf_accel_parse (as_words, &error);
  g_assert_no_error (error);
  g_assert_true (pf_accel_equal (accel, again));
}

static void
test_parse (void)
{
  assert_reads ("<Super>F12", "<Super>F12", "Super+F12");
  assert_reads ("Super+F12", "<Super>F12", "Super+F12");
  assert_reads ("<Control><Alt>M", "<Primary><Alt>m", "Ctrl+Alt+M");
  assert_reads ("ctrl+alt+m", "<Primary><Alt>m", "Ctrl+Alt+M");
  assert_reads ("<Alt><Shift><Primary>Escape", "<Primary><Shift><Alt>Escape", "Ctrl+Alt+Shift+Escape");
  assert_reads ("Pause", "Pause", "Pause");
  assert_reads ("XF86Launch1", "XF86Launch1", "XF86Launch1");
  assert_reads ("Shift+F3", "<Shift>F3", "Shift+F3");
}

static void
test_refused (void)
{
  static const char *const wrong[]
      = { "",     "+",   "Super+", "<Super",    "<Super>",   "Hyper+m",       "m",    "Shift+m",
          "Left", "a b", "Ctrl+ä", "Ctrl+a\nb", "$(reboot)", "Super+F12+F11", "space" };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      if (pf_accel_parse (wrong[i], &error) != NULL)
        g_error ("“%s” was taken", wrong[i]);
      g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
    }
  g_assert_null (pf_accel_parse_loosely (""));
}

static void
test_equal (void)
{
  g_autoptr (PfAccel) a = pf_accel_parse_loosely ("<Primary><Alt>t");
  g_autoptr (PfAccel) b = pf_accel_parse_loosely ("<Alt><Control>T");
  g_autoptr (PfAccel) c = pf_accel_parse_loosely ("<Alt>t");

  g_assert_true (pf_accel_equal (a, b));
  g_assert_false (pf_accel_equal (a, c));
}

static void
assert_qt (const char *text, gint32 wanted)
{
  g_autoptr (PfAccel) accel = pf_accel_parse (text, NULL);
  g_autoptr (PfAccel) again = NULL;
  gint32 code = 0;

  g_assert_true (pf_accel_to_qt (accel, &code, NULL));
  g_assert_cmphex ((guint32) code, ==, (guint32) wanted);
  again = pf_accel_new_from_qt (code);
  g_assert_true (pf_accel_equal (accel, again));
}

/* Qt::META | Qt::Key_F12 and so on, of qnamespace.h. */
static void
test_qt (void)
{
  g_autoptr (PfAccel) unknown = pf_accel_parse ("Super+XF86Launch1", NULL);
  g_autoptr (GError) error = NULL;
  gint32 code;

  assert_qt ("Super+F12", 0x10000000 | 0x0100003b);
  assert_qt ("Ctrl+Alt+m", 0x04000000 | 0x08000000 | 0x4d);
  assert_qt ("Pause", 0x01000008);
  assert_qt ("Ctrl+Shift+Page_Up", 0x04000000 | 0x02000000 | 0x01000016);
  g_assert_false (pf_accel_to_qt (unknown, &code, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
  g_assert_null (pf_accel_new_from_qt (0));
}

static void
test_files (void)
{
  g_autoptr (PfAccel) accel = pf_accel_parse ("Ctrl+Super+m", NULL);
  g_autofree char *sway = pf_accel_to_sway (accel);
  g_autofree char *hyprland = pf_accel_to_hyprland (accel);
  g_autofree char *portal = pf_accel_to_portal (accel);

  g_assert_cmpstr (sway, ==, "Mod4+Ctrl+m");
  g_assert_cmpstr (hyprland, ==, "SUPER CTRL, m");
  g_assert_cmpstr (portal, ==, "LOGO+CTRL+m");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/accel/parse", test_parse);
  g_test_add_func ("/accel/refused", test_refused);
  g_test_add_func ("/accel/equal", test_equal);
  g_test_add_func ("/accel/qt", test_qt);
  g_test_add_func ("/accel/files", test_files);
  return g_test_run ();
}
