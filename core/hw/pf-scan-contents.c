/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is on the functions that go along with a USB controller, used or not: disks, network interfaces, sound
 * cards. */

#include <string.h>

#include "pf-block-name.h"
#include "pf-scan-place.h"
#include "pf-scan-taken.h"
#include "pf-text.h"

typedef void (*AddContent) (PfTree *tree, PfBoard *board, const PfUsePlace *place, const char *name);

static gboolean
is_taken (const GPtrArray *places, const char *address)
{
  for (guint i = 0; i < places->len; i++)
    {
      const PfUsePlace *place = g_ptr_array_index (places, i);

      if (place->usb == NULL && g_str_equal (place->address, address))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_partition_of (const char *name, const char *disk)
{
  gsize length = strlen (disk);

  return g_str_has_prefix (name, disk) && strspn (name + length, "p0123456789") == strlen (name + length);
}

/* "mounted at /data", "not mounted" */
static char *
describe_state (const PfBoard *board, const char *disk)
{
  for (guint i = 0; i < board->uses->len; i++)
    {
      const PfUse *use = g_ptr_array_index (board->uses, i);

      if (use->kind <= PF_USE_MOUNT && is_partition_of (use->what, disk))
        return g_strdup_printf ("in use: %s", use->where);
    }
  return g_strdup ("not mounted");
}

static void
add_disk (PfTree *tree, PfBoard *board, const PfUsePlace *place, const char *name)
{
  g_autofree char *partition = g_strdup_printf ("class/block/%s/partition", name);
  g_autofree char *model = NULL;
  g_autofree char *state = NULL;
  g_autofree char *where = NULL;
  struct stat status;

  if (pf_tree_stat (tree, PF_TREE_SYS, partition, &status))
    return;
  model = pf_block_name_get_model (tree, name);
  state = describe_state (board, name);
  where = model != NULL ? g_strdup_printf ("%s, %s", model, state) : g_strdup (state);
  pf_board_add_use (board, PF_USE_CONTENT, place, name, where);
}

static char *
read_attribute (PfTree *tree, const char *class, const char *name, const char *attribute)
{
  g_autofree char *path = g_strdup_printf ("class/%s/%s/%s", class, name, attribute);

  return pf_tree_read_text (tree, PF_TREE_SYS, path);
}

/* IFF_UP is bit 0 of "flags"; "operstate" says whether there is a link
 * (Documentation/networking/operstates.rst). */
static void
add_interface (PfTree *tree, PfBoard *board, const PfUsePlace *place, const char *name)
{
  g_autofree char *state = read_attribute (tree, "net", name, "operstate");
  g_autofree char *flags = read_attribute (tree, "net", name, "flags");
  gboolean is_up = g_strcmp0 (state, "up") == 0;
  gboolean is_on = flags == NULL || (g_ascii_strtoull (flags, NULL, 16) & 1) != 0;

  if (!is_up && flags != NULL && is_on)
    is_up = g_strcmp0 (state, "unknown") == 0;
  pf_board_add_use (board, PF_USE_CONTENT, place, name, is_up && is_on ? "up" : "down");
}

static void
add_sound (PfTree *tree, PfBoard *board, const PfUsePlace *place, const char *name)
{
  g_autofree char *path = g_strdup_printf ("asound/%s/id", name);
  g_autofree char *text
      = g_str_has_prefix (name, "card") ? pf_tree_read_text (tree, PF_TREE_PROC, path) : NULL;
  g_autofree char *id = pf_text_to_name (text);

  if (g_str_has_prefix (name, "card"))
    pf_board_add_use (board, PF_USE_CONTENT, place, id != NULL ? id : name, name);
}

static void
add_serial (PfTree *tree, PfBoard *board, const PfUsePlace *place, const char *name)
{
  pf_board_add_use (board, PF_USE_CONTENT, place, name, "serial port");
}

static const struct
{
  const char *class;
  AddContent add;
} classes[] = {
  { "block", add_disk },
  { "net", add_interface },
  { "sound", add_sound },
  { "tty", add_serial },
};

static void
add_class (PfTree *tree, PfBoard *board, const GPtrArray *places, guint class)
{
  g_autofree char *folder = g_strdup_printf ("class/%s", classes[class].class);
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, folder);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_strdup_printf ("%s/%s", folder, name);
      g_autofree char *clean = pf_text_to_name (name);
      g_auto (PfUsePlace) place = { 0 };

      if (clean != NULL && g_str_equal (clean, name) && pf_scan_place (tree, board, path, &place)
          && place.usb == NULL && is_taken (places, place.address))
        classes[class].add (tree, board, &place, name);
    }
}

/**
 * pf_scan_contents:
 * @tree: the kernel
 * @board: (inout): a linked board
 * @places: (element-type PfUsePlace): what is taken from the host
 *
 * Adds a use of kind PF_USE_CONTENT for what hangs on the functions of @places without USB between.
 */
void
pf_scan_contents (PfTree *tree, PfBoard *board, const GPtrArray *places)
{
  for (guint i = 0; places->len > 0 && i < G_N_ELEMENTS (classes); i++)
    add_class (tree, board, places, i);
}
