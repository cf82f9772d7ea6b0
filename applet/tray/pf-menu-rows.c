/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-menu-rows.h"

#include "pf-words.h"

/* Sentences are broken into rows of this many characters: not every panel shows a row of several lines. */
#define TEXT_COLUMNS 56

static void
free_row (gpointer data)
{
  PfMenuRow *row = data;

  g_free (row->key);
  g_free (row->label);
  g_free (row->spoken);
  g_free (row->target);
  g_clear_pointer (&row->children, g_ptr_array_unref);
  g_free (row);
}

/**
 * pf_menu_rows_new:
 *
 * Returns: (transfer full) (element-type PfMenuRow): an empty menu
 */
GPtrArray *
pf_menu_rows_new (void)
{
  return g_ptr_array_new_with_free_func (free_row);
}

/**
 * pf_menu_rows_add:
 * @rows: a menu
 * @key: names the row among its siblings
 * @label: what it says; long text is shortened on the screen, and spoken in full
 *
 * Returns: (transfer none): the new row, last in @rows. It tells something and does nothing.
 */
PfMenuRow *
pf_menu_rows_add (GPtrArray *rows, const char *key, const char *label)
{
  PfMenuRow *row = g_new0 (PfMenuRow, 1);

  row->kind = PF_MENU_ROW_ITEM;
  row->key = g_strdup (key);
  row->label = pf_words_shorten (label, 2 * PF_MENU_LABEL_CHARS);
  if (!g_str_equal (row->label, label))
    row->spoken = g_strdup (label);
  g_ptr_array_add (rows, row);
  return row;
}

/**
 * pf_menu_rows_add_separator:
 * @rows: a menu
 * @key: names the row among its siblings
 *
 * Returns: (transfer none): the new row, last in @rows
 */
PfMenuRow *
pf_menu_rows_add_separator (GPtrArray *rows, const char *key)
{
  PfMenuRow *row = g_new0 (PfMenuRow, 1);

  row->kind = PF_MENU_ROW_SEPARATOR;
  row->key = g_strdup (key);
  g_ptr_array_add (rows, row);
  return row;
}

/**
 * pf_menu_rows_take:
 * @rows: a menu
 * @part: (transfer full) (element-type PfMenuRow): rows of which there are now more and now fewer
 * @key: names the part among the rows
 * @kind: what its rows look like
 * @places: how many rows it has from the start
 *
 * Moves @part into @rows, behind what is there, and makes up the number with hidden rows.
 */
void
pf_menu_rows_take (GPtrArray *rows, GPtrArray *part, const char *key, PfMenuRowKind kind, guint places)
{
  while (part->len < places)
    {
      PfMenuRow *row = pf_menu_rows_add (part, key, "");

      row->kind = kind;
      row->hidden = TRUE;
    }
  for (guint i = 0; i < part->len; i++)
    {
      PfMenuRow *row = g_ptr_array_index (part, i);

      g_free (row->key);
      row->key = g_strdup_printf ("%s:%u", key, i);
    }
  g_ptr_array_extend_and_steal (rows, part);
}

/**
 * pf_menu_rows_add_text:
 * @rows: a menu
 * @key: names the text among the rows
 * @text: sentences
 *
 * Adds @text in as many rows as it needs.
 */
void
pf_menu_rows_add_text (GPtrArray *rows, const char *key, const char *text)
{
  g_auto (GStrv) lines = pf_words_wrap (text, TEXT_COLUMNS);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *row_key = g_strdup_printf ("%s:%u", key, i);

      pf_menu_rows_add (rows, row_key, lines[i]);
    }
}
