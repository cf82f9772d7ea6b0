/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ctl-table.h"

static const PfCtlScreen plain = { .width = 40, .colour = FALSE, .ascii = FALSE };

static void
assert_fits (const char *text, guint width)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    g_assert_cmpuint (pf_ctl_text_get_width (*line), <=, width);
}

static void
test_width (void)
{
  g_assert_cmpuint (pf_ctl_text_get_width (""), ==, 0);
  g_assert_cmpuint (pf_ctl_text_get_width ("abc"), ==, 3);
  g_assert_cmpuint (pf_ctl_text_get_width ("键盘"), ==, 4);
  g_assert_cmpuint (pf_ctl_text_get_width ("e\u0301"), ==, 1);
}

static void
test_ellipsize (void)
{
  static const struct
  {
    const char *text;
    guint width;
    const char *expected;
  } cases[] = {
    { "keyboard", 8, "keyboard" },    { "keyboard", 7, "keyboa…" },
    { "a keyboard", 3, "a…" },        { "键盘和鼠标", 10, "键盘和鼠标" },
    { "键盘和鼠标", 9, "键盘和鼠…" }, { "键盘和鼠标", 8, "键盘和…" },
    { "keyboard", 1, "…" },           { "keyboard", 0, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *cut = pf_ctl_text_ellipsize (cases[i].text, cases[i].width, "…");

      g_assert_cmpstr (cut, ==, cases[i].expected);
      g_assert_cmpuint (pf_ctl_text_get_width (cut), <=, cases[i].width);
    }
}

static void
test_ellipsize_middle (void)
{
  static const struct
  {
    const char *text;
    guint width;
    const char *expected;
  } cases[] = {
    { "EHCI Controller #2", 18, "EHCI Controller #2" },
    { "EHCI Controller #2", 9, "EHCI…r #2" },
    { "EHCI Controller #2", 8, "EHCI… #2" },
    { "键盘和鼠标键盘和鼠标", 9, "键盘…鼠标" },
    { "键盘和鼠标键盘和鼠标", 8, "键盘…标" },
    { "keyboard", 1, "…" },
    { "keyboard", 0, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *cut = pf_ctl_text_ellipsize_middle (cases[i].text, cases[i].width, "…");

      g_assert_cmpstr (cut, ==, cases[i].expected);
      g_assert_cmpuint (pf_ctl_text_get_width (cut), <=, cases[i].width);
    }
}

static void
test_wrap (void)
{
  g_autofree char *lines = pf_ctl_text_wrap ("one two  three\nfour 键盘和鼠标 five", 12, 2);

  g_assert_cmpstr (lines, ==, "  one two\n    three\n    four\n    键盘和鼠标\n    five");
}

static void
test_clean (void)
{
  g_autofree char *clean = pf_ctl_text_clean ("a\033[31mb\tc\nd\xffz\xc2\x9b\u202e");

  g_assert_cmpstr (clean, ==, "a?[31mb?c\nd\uFFFDz??");
}

static void
test_shorten_vendor (void)
{
  static const struct
  {
    const char *name;
    const char *expected;
  } cases[] = {
    { "Intel Corporation 9 Series Chipset", "Intel 9 Series Chipset" },
    { "Advanced Micro Devices, Inc. [AMD] Starship/Matisse", "AMD Starship/Matisse" },
    { "ASMedia Technology Inc. ASM1042A [USB 3.0]", "ASMedia Technology ASM1042A [USB 3.0]" },
    { "Chicony Electronics Co.,Ltd. Camera", "Chicony Electronics Camera" },
    { "Incorporated thing", "Incorporated thing" },
    { "[AMD] FCH", "[AMD] FCH" },
    { "", "" },
    { "a\xff", "a\uFFFD" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shortened = pf_ctl_text_shorten_vendor (cases[i].name);

      g_assert_cmpstr (shortened, ==, cases[i].expected);
    }
}

static PfCtlTable *
make_table (const char *name)
{
  const char *titles[] = { "ADDRESS", "GROUP", "NAME", NULL };
  const char *cells[] = { "0000:00:14.0", "5", name };
  PfCtlTable *table = pf_ctl_table_new (titles);

  pf_ctl_table_align_right (table, 1);
  pf_ctl_table_set_flexible (table, 2, 6);
  pf_ctl_table_add_row (table, cells);
  return table;
}

static void
test_layout (void)
{
  g_autoptr (PfCtlTable) table = make_table ("xHCI");
  g_autofree char *text = NULL;

  pf_ctl_table_add_line (table, 2, PF_CTL_STYLE_PLAIN, "a device");
  text = pf_ctl_table_to_string (table, &plain);
  g_assert_cmpstr (text, ==,
                   "ADDRESS       GROUP  NAME\n"
                   "0000:00:14.0      5  xHCI\n"
                   "  a device\n");
}

static void
test_too_wide (void)
{
  g_autoptr (PfCtlTable) table = make_table ("a controller with a name that is too long");
  g_autofree char *text = NULL;

  pf_ctl_table_add_line (table, 2, PF_CTL_STYLE_PLAIN, "a device whose name is longer than the line is");
  pf_ctl_table_add_paragraph (table, 2, PF_CTL_STYLE_PLAIN,
                              "a problem that has to be read as a whole, down to the end");
  text = pf_ctl_table_to_string (table, &plain);
  g_assert_cmpstr (text, ==,
                   "ADDRESS       GROUP  NAME\n"
                   "0000:00:14.0      5  a controller with…\n"
                   "  a device whose name is longer than th…\n"
                   "  a problem that has to be read as a\n"
                   "    whole, down to the end\n");
  assert_fits (text, 40);
}

static void
test_wide_characters (void)
{
  g_autoptr (PfCtlTable) table = make_table ("瑞萨电子主控制器瑞萨电子主控制器");
  g_autofree char *text = pf_ctl_table_to_string (table, &plain);

  g_assert_cmpstr (text, ==,
                   "ADDRESS       GROUP  NAME\n"
                   "0000:00:14.0      5  瑞萨电子主控制器瑞…\n");
  assert_fits (text, 40);
}

/* Columns behind a wide cell stay where they are. */
static void
test_wide_alignment (void)
{
  const char *titles[] = { "LABEL", "OWNER", NULL };
  const char *first[] = { "键盘", "guest" };
  const char *second[] = { "ab", "host" };
  g_autoptr (PfCtlTable) table = pf_ctl_table_new (titles);
  g_autofree char *text = NULL;

  pf_ctl_table_add_row (table, first);
  pf_ctl_table_add_row (table, second);
  text = pf_ctl_table_to_string (table, &plain);
  g_assert_cmpstr (text, ==,
                   "LABEL  OWNER\n"
                   "键盘   guest\n"
                   "ab     host\n");
}

static void
test_shrinks_widest_first (void)
{
  const char *titles[] = { "A", "B", NULL };
  const char *cells[] = { "1234567890", "12345678901234567890123456789012345678" };
  g_autoptr (PfCtlTable) table = pf_ctl_table_new (titles);
  g_autofree char *text = NULL;

  pf_ctl_table_set_flexible (table, 0, 4);
  pf_ctl_table_set_flexible (table, 1, 4);
  pf_ctl_table_add_row (table, cells);
  text = pf_ctl_table_to_string (table, &plain);
  g_assert_cmpstr (text, ==,
                   "A           B\n"
                   "1234567890  123456789012345678901234567…\n");
}

static void
test_ascii (void)
{
  PfCtlScreen ascii = { .width = 40, .ascii = TRUE };
  g_autoptr (PfCtlTable) table = make_table ("a controller with a name that is too long");
  g_autofree char *text = pf_ctl_table_to_string (table, &ascii);

  g_assert_nonnull (strstr (text, "a controller with~\n"));
}

static void
test_colour (void)
{
  PfCtlScreen colourful = { .width = 40, .colour = TRUE };
  g_autoptr (PfCtlTable) table = make_table ("xHCI");
  g_autofree char *text = NULL;

  pf_ctl_table_style_cell (table, 2, PF_CTL_STYLE_PROBLEM);
  text = pf_ctl_table_to_string (table, &colourful);
  g_assert_nonnull (strstr (text, "  \033[31mxHCI\033[0m\n"));
  g_assert_nonnull (strstr (text, "\033[1mADDRESS\033[0m       "));
}

static void
test_empty (void)
{
  const char *titles[] = { "ADDRESS", "NAME", NULL };
  g_autoptr (PfCtlTable) table = pf_ctl_table_new (titles);
  g_autofree char *text = pf_ctl_table_to_string (table, &plain);

  g_assert_cmpstr (text, ==, "ADDRESS  NAME\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/text/width", test_width);
  g_test_add_func ("/ctl/text/ellipsize", test_ellipsize);
  g_test_add_func ("/ctl/text/ellipsize-middle", test_ellipsize_middle);
  g_test_add_func ("/ctl/text/wrap", test_wrap);
  g_test_add_func ("/ctl/text/clean", test_clean);
  g_test_add_func ("/ctl/text/shorten-vendor", test_shorten_vendor);
  g_test_add_func ("/ctl/table/layout", test_layout);
  g_test_add_func ("/ctl/table/too-wide", test_too_wide);
  g_test_add_func ("/ctl/table/wide-characters", test_wide_characters);
  g_test_add_func ("/ctl/table/wide-alignment", test_wide_alignment);
  g_test_add_func ("/ctl/table/shrinks-widest-first", test_shrinks_widest_first);
  g_test_add_func ("/ctl/table/ascii", test_ascii);
  g_test_add_func ("/ctl/table/colour", test_colour);
  g_test_add_func ("/ctl/table/empty", test_empty);
  return g_test_run ();
}
