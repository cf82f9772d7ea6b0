/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-verb.h"

G_BEGIN_DECLS

/* Of a profile. Other labels may have twice as many characters; what is longer loses its end. */
#define PF_MENU_LABEL_CHARS 60

typedef enum
{
  PF_MENU_ROW_ITEM,
  PF_MENU_ROW_RADIO,
  PF_MENU_ROW_SEPARATOR,
} PfMenuRowKind;

/**
 * PfMenuRow:
 * @kind: what it looks like
 * @key: names the row among its siblings for as long as it means the same thing
 * @label: (nullable): what it says; NULL for a separator
 * @spoken: (nullable): what a screen reader says, where @label is shortened
 * @hidden: whether it stands there for later only
 * @mnemonic: whether "_" in @label marks the key that chooses the row
 * @sensitive: whether it can be chosen now
 * @active: for a radio row: whether it is the one in force
 * @verb: what choosing it does
 * @target: (nullable): what @verb is done to
 * @children: (nullable) (element-type PfMenuRow): the rows of its submenu
 *
 * One row of a menu, as a plain value. A menu has all its rows from the start, those that are not wanted yet
 * hidden: many panels do not see that a row gets a submenu, cut off rows that come while they show the menu,
 * or have them in another order then.
 */
typedef struct
{
  PfMenuRowKind kind;
  char *key;
  char *label;
  char *spoken;
  gboolean hidden;
  gboolean mnemonic;
  gboolean sensitive;
  gboolean active;
  PfVerb verb;
  char *target;
  GPtrArray *children;
} PfMenuRow;

GPtrArray *pf_menu_rows_new (void);
PfMenuRow *pf_menu_rows_add (GPtrArray *rows, const char *key, const char *label);
PfMenuRow *pf_menu_rows_add_separator (GPtrArray *rows, const char *key);
void pf_menu_rows_add_text (GPtrArray *rows, const char *key, const char *text);
void pf_menu_rows_take (GPtrArray *rows, GPtrArray *part, const char *key, PfMenuRowKind kind, guint places);

G_END_DECLS
