/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ctl-table.h"

#include <string.h>

#define GAP 2

typedef struct
{
  char *title;
  guint min_width; /* 0 for a column that never shrinks */
  gboolean right;
  gboolean cut_middle;
} Column;

/* Either cells, or one line across the whole table. */
typedef struct
{
  char **cells;
  PfCtlStyle *styles;
  char *line;
  guint indent;
  PfCtlStyle line_style;
  gboolean wraps;
} Row;

struct _PfCtlTable
{
  Column *columns;
  guint n_columns;
  GPtrArray *rows;
};

static void
row_free (Row *row)
{
  g_strfreev (row->cells);
  g_free (row->styles);
  g_free (row->line);
  g_free (row);
}

/**
 * pf_ctl_table_new:
 * @titles: (array zero-terminated=1): of the columns
 *
 * Returns: (transfer full): a table without rows
 */
PfCtlTable *
pf_ctl_table_new (const char *const *titles)
{
  PfCtlTable *table = g_new0 (PfCtlTable, 1);

  table->n_columns = g_strv_length ((char **) titles);
  table->columns = g_new0 (Column, table->n_columns);
  for (guint i = 0; i < table->n_columns; i++)
    table->columns[i].title = g_strdup (titles[i]);
  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  return table;
}

/**
 * pf_ctl_table_free:
 * @table: a table
 */
void
pf_ctl_table_free (PfCtlTable *table)
{
  for (guint i = 0; i < table->n_columns; i++)
    g_free (table->columns[i].title);
  g_free (table->columns);
  g_ptr_array_unref (table->rows);
  g_free (table);
}

/**
 * pf_ctl_table_set_flexible:
 * @table: a table
 * @column: from 0
 * @min_width: columns that it keeps
 *
 * Lets a column be cut where the table does not fit. The widest one is cut first.
 */
void
pf_ctl_table_set_flexible (PfCtlTable *table, guint column, guint min_width)
{
  table->columns[column].min_width = min_width;
}

/**
 * pf_ctl_table_cut_middle:
 * @table: a table
 * @column: from 0; one that is flexible
 *
 * Keeps the ends of its cells where they are cut.
 */
void
pf_ctl_table_cut_middle (PfCtlTable *table, guint column)
{
  table->columns[column].cut_middle = TRUE;
}

/**
 * pf_ctl_table_align_right:
 * @table: a table
 * @column: from 0; for numbers
 */
void
pf_ctl_table_align_right (PfCtlTable *table, guint column)
{
  table->columns[column].right = TRUE;
}

/**
 * pf_ctl_table_add_row:
 * @table: a table
 * @cells: (array): one for each column, any bytes
 */
void
pf_ctl_table_add_row (PfCtlTable *table, const char *const *cells)
{
  Row *row = g_new0 (Row, 1);

  row->cells = g_new0 (char *, table->n_columns + 1);
  row->styles = g_new0 (PfCtlStyle, table->n_columns);
  for (guint i = 0; i < table->n_columns; i++)
    row->cells[i] = g_strdelimit (pf_ctl_text_clean (cells[i]), "\n", ' ');
  g_ptr_array_add (table->rows, row);
}

/**
 * pf_ctl_table_style_cell:
 * @table: a table whose last row is one of cells
 * @column: from 0
 * @style: how that cell of the last row looks
 */
void
pf_ctl_table_style_cell (PfCtlTable *table, guint column, PfCtlStyle style)
{
  Row *row = table->rows->pdata[table->rows->len - 1];

  row->styles[column] = style;
}

static Row *
add_line (PfCtlTable *table, guint indent, PfCtlStyle style, const char *text)
{
  Row *row = g_new0 (Row, 1);

  row->line = g_strdelimit (pf_ctl_text_clean (text), "\n", ' ');
  row->indent = indent;
  row->line_style = style;
  g_ptr_array_add (table->rows, row);
  return row;
}

/**
 * pf_ctl_table_add_line:
 * @table: a table
 * @indent: columns
 * @style: how it looks
 * @text: any bytes
 *
 * Adds a line below the last row that is cut where it does not fit.
 */
void
pf_ctl_table_add_line (PfCtlTable *table, guint indent, PfCtlStyle style, const char *text)
{
  add_line (table, indent, style, text);
}

/**
 * pf_ctl_table_add_paragraph:
 * @table: a table
 * @indent: columns
 * @style: how it looks
 * @text: any bytes
 *
 * Adds text below the last row that is wrapped where it does not fit.
 */
void
pf_ctl_table_add_paragraph (PfCtlTable *table, guint indent, PfCtlStyle style, const char *text)
{
  add_line (table, indent, style, text)->wraps = TRUE;
}

static guint
get_natural_width (const PfCtlTable *table, guint column)
{
  guint width = pf_ctl_text_get_width (table->columns[column].title);

  for (guint i = 0; i < table->rows->len; i++)
    {
      const Row *row = table->rows->pdata[i];

      if (row->cells != NULL)
        width = MAX (width, pf_ctl_text_get_width (row->cells[column]));
    }
  return width;
}

/* Returns: the widest column that can still be cut, or -1. */
static int
find_widest (const PfCtlTable *table, const guint *widths)
{
  int widest = -1;

  for (guint i = 0; i < table->n_columns; i++)
    if (table->columns[i].min_width > 0 && widths[i] > table->columns[i].min_width
        && (widest < 0 || widths[i] > widths[widest]))
      widest = (int) i;
  return widest;
}

static guint *
compute_widths (const PfCtlTable *table, guint available)
{
  guint *widths = g_new0 (guint, table->n_columns);
  guint total = GAP * (table->n_columns - 1);

  for (guint i = 0; i < table->n_columns; i++)
    {
      widths[i] = get_natural_width (table, i);
      total += widths[i];
    }
  for (; total > available; total--)
    {
      int widest = find_widest (table, widths);

      if (widest < 0)
        break;
      widths[widest]--;
    }
  return widths;
}

static void
append_cell (const PfCtlTable *table,
             GString *out,
             guint column,
             guint width,
             const char *text,
             PfCtlStyle style,
             const PfCtlScreen *screen)
{
  const char *ellipsis = screen->ascii ? "~" : "…";
  g_autofree char *shown = table->columns[column].cut_middle
                               ? pf_ctl_text_ellipsize_middle (text, width, ellipsis)
                               : pf_ctl_text_ellipsize (text, width, ellipsis);
  int padding = (int) (width - MIN (width, pf_ctl_text_get_width (shown)));
  gboolean is_last = column + 1 == table->n_columns;

  if (table->columns[column].right)
    g_string_append_printf (out, "%*s", padding, "");
  if (*shown != '\0')
    g_string_append_printf (out, "%s%s%s", pf_ctl_screen_get_start (screen, style), shown,
                            pf_ctl_screen_get_end (screen, style));
  if (!table->columns[column].right && !is_last)
    g_string_append_printf (out, "%*s", padding, "");
  if (!is_last)
    g_string_append_printf (out, "%*s", GAP, "");
}

static void
trim_line (GString *out)
{
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

static void
append_line (GString *out, const Row *row, const PfCtlScreen *screen)
{
  g_autofree char *shown = NULL;

  if (row->wraps)
    shown = pf_ctl_text_wrap (row->line, screen->width, row->indent);
  else
    {
      g_autofree char *cut
          = pf_ctl_text_ellipsize (row->line, screen->width - row->indent, screen->ascii ? "~" : "…");

      shown = g_strdup_printf ("%*s%s", (int) row->indent, "", cut);
    }
  g_string_append (out, pf_ctl_screen_get_start (screen, row->line_style));
  g_string_append (out, shown);
  g_string_append (out, pf_ctl_screen_get_end (screen, row->line_style));
  g_string_append_c (out, '\n');
}

/**
 * pf_ctl_table_to_string:
 * @table: a table
 * @screen: where it goes
 *
 * Returns: (transfer full): the table in lines that fit the screen, as far as its flexible columns allow
 */
char *
pf_ctl_table_to_string (const PfCtlTable *table, const PfCtlScreen *screen)
{
  GString *out = g_string_new (NULL);
  g_autofree guint *widths = compute_widths (table, screen->width);

  for (guint column = 0; column < table->n_columns; column++)
    append_cell (table, out, column, widths[column], table->columns[column].title, PF_CTL_STYLE_HEADING,
                 screen);
  trim_line (out);
  for (guint i = 0; i < table->rows->len; i++)
    {
      const Row *row = table->rows->pdata[i];

      if (row->cells == NULL)
        {
          append_line (out, row, screen);
          continue;
        }
      for (guint column = 0; column < table->n_columns; column++)
        append_cell (table, out, column, widths[column], row->cells[column], row->styles[column], screen);
      trim_line (out);
    }
  return g_string_free (out, FALSE);
}

/**
 * pf_ctl_table_print:
 * @table: a table
 * @screen: where it goes
 */
void
pf_ctl_table_print (const PfCtlTable *table, const PfCtlScreen *screen)
{
  g_autofree char *text = pf_ctl_table_to_string (table, screen);

  pf_ctl_screen_write (screen, text);
}
