/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the host uses. */

#include "pf-board.h"

#include <string.h>

/* In bytes; a disk can be mounted in a hundred places, and people read this. */
#define MAX_WHERE 200

static const char *const kind_names[] = {
  [PF_USE_ROOT] = "root",         [PF_USE_BOOT] = "boot",       [PF_USE_HOME] = "home",
  [PF_USE_SYSTEM] = "system",     [PF_USE_SWAP] = "swap",       [PF_USE_VOLUME] = "volume",
  [PF_USE_MOUNT] = "mount",       [PF_USE_DISPLAY] = "display", [PF_USE_DEFAULT_ROUTE] = "default-route",
  [PF_USE_AUDIO] = "audio",       [PF_USE_PRINTER] = "printer", [PF_USE_FINGERPRINT] = "fingerprint",
  [PF_USE_OPEN] = "open",         [PF_USE_POWER] = "power",     [PF_USE_WRITTEN] = "written",
  [PF_USE_GRAPHICS] = "graphics", [PF_USE_CONTENT] = "content", [PF_USE_UNSEEN] = "unseen",
};

/**
 * pf_use_kind_to_string:
 * @kind: a kind
 *
 * Returns: (transfer none): its name
 */
const char *
pf_use_kind_to_string (PfUseKind kind)
{
  return kind_names[kind];
}

/**
 * pf_use_free:
 * @use: (transfer full): a use
 */
void
pf_use_free (PfUse *use)
{
  g_free (use->place.address);
  g_free (use->place.usb);
  g_free (use->what);
  g_free (use->where);
  g_free (use);
}

static PfUse *
find_same (const PfBoard *board, PfUseKind kind, const PfUsePlace *place, const char *what)
{
  for (guint i = 0; i < board->uses->len; i++)
    {
      PfUse *use = board->uses->pdata[i];

      if (use->kind == kind && g_str_equal (use->place.address, place->address)
          && g_strcmp0 (use->place.usb, place->usb) == 0 && g_str_equal (use->what, what))
        return use;
    }
  return NULL;
}

static gboolean
is_listed (const char *list, const char *item)
{
  g_auto (GStrv) items = g_strsplit (list, ", ", -1);

  return g_strv_contains ((const char *const *) items, item);
}

static void
add_where (PfUse *use, const char *where)
{
  char *both;

  if (is_listed (use->where, where) || g_str_has_suffix (use->where, ", …"))
    return;
  if (strlen (use->where) + strlen (where) > MAX_WHERE)
    where = "…";
  both = g_strconcat (use->where, ", ", where, NULL);
  g_free (use->where);
  use->where = both;
}

static gboolean
is_vital (PfUseKind kind)
{
  return kind <= PF_USE_VOLUME || kind == PF_USE_DISPLAY || kind == PF_USE_DEFAULT_ROUTE
         || kind == PF_USE_WRITTEN || kind == PF_USE_GRAPHICS;
}

static gboolean
is_from_processes (PfUseKind kind)
{
  return kind >= PF_USE_PRINTER && kind <= PF_USE_GRAPHICS;
}

static gboolean
has_room (const PfBoard *board, PfUseKind kind)
{
  guint same = 0;

  for (guint i = 0; is_from_processes (kind) && i < board->uses->len; i++)
    same += ((PfUse *) board->uses->pdata[i])->kind == kind ? 1 : 0;
  return same < PF_USE_MAX_OF_KIND && board->uses->len < (is_vital (kind) ? PF_USE_MAX_VITAL : PF_USE_MAX);
}

/**
 * pf_board_drop_close_uses:
 * @board: (inout): a board
 *
 * Forgets what only a closer look shows: which processes have what open, and what is on the functions that go
 * along. These are asked for each plan, and would be stale for the next one.
 */
void
pf_board_drop_close_uses (PfBoard *board)
{
  for (guint i = board->uses->len; i-- > 0;)
    if (((PfUse *) board->uses->pdata[i])->kind >= PF_USE_PRINTER)
      g_ptr_array_remove_index (board->uses, i);
}

/**
 * pf_board_add_use:
 * @board: a board that is being filled
 * @kind: for what
 * @place: (transfer none): what is used
 * @what: its part
 * @where: what for; added to what the same part is used for in the same way already
 */
void
pf_board_add_use (
    PfBoard *board, PfUseKind kind, const PfUsePlace *place, const char *what, const char *where)
{
  PfUse *use = find_same (board, kind, place, what);

  if (use != NULL)
    {
      add_where (use, where);
      return;
    }
  if (!has_room (board, kind))
    return;
  use = g_new0 (PfUse, 1);
  use->kind = kind;
  use->place.address = g_strdup (place->address);
  use->place.usb = g_strdup (place->usb);
  use->what = g_strdup (what);
  use->where = g_strdup (where);
  g_ptr_array_add (board->uses, use);
}
