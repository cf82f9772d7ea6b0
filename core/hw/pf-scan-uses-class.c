/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Screens and sound cards. */

#include <string.h>

#include "pf-scan-connector.h"
#include "pf-scan-place.h"
#include "pf-scan-uses.h"
#include "pf-text.h"

#define DEVICES "bus/pci/devices"
#define BASE_CLASS_DISPLAY 0x03

static void
add_connector (PfTree *tree, PfBoard *board, const char *name, GHashTable *with_screens)
{
  g_autofree char *path = g_strdup_printf ("class/drm/%s", name);
  g_auto (PfUsePlace) place = { 0 };

  if (pf_scan_connector_get_name (name) == NULL || !pf_scan_place (tree, board, path, &place))
    return;
  if (!pf_scan_attribute_is (tree, path, "status", "connected")
      || !pf_scan_attribute_is (tree, path, "enabled", "enabled"))
    return;
  g_hash_table_add (with_screens, g_strdup (place.address));
  pf_board_add_use (board, PF_USE_DISPLAY, &place, pf_scan_connector_get_name (name), "screen");
}

/* Whether the text console, or the firmware's picture that it took over, is on this card: such a framebuffer
 * hangs below the card, or (efifb, simplefb) below no PCI device at all. */
static gboolean
has_framebuffer (PfTree *tree, const char *address)
{
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, "class/graphics");
  g_autofree char *element = g_strdup_printf ("/%s/", address);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_strdup_printf ("class/graphics/%s", name);
      g_autofree char *target = NULL;

      if (!g_str_has_prefix (name, "fb") || !g_ascii_isdigit (name[2]))
        continue;
      target = pf_tree_read_link (tree, PF_TREE_SYS, path);
      if (target != NULL && (strstr (target, element) != NULL || strstr (target, "/platform/") != NULL))
        return TRUE;
    }
  return FALSE;
}

/* The card that the machine booted with, if it has a driver or at least a picture: a driver that shows no connectors, as
 * NVIDIA's own does without modesetting, may have a screen on each of them. */
static void
add_boot_card (PfTree *tree, PfBoard *board, const PfFunction *function)
{
  g_autofree char *directory = g_strdup_printf (DEVICES "/%s", function->address);
  const PfUsePlace place = { .address = function->address };

  if (function->class_code >> 16 == BASE_CLASS_DISPLAY
      && pf_scan_attribute_is (tree, directory, "boot_vga", "1")
      && (pf_function_get_owner (function) == PF_OWNER_HOST || has_framebuffer (tree, function->address)))
    pf_board_add_use (board, PF_USE_DISPLAY, &place, "console", "screen");
}

/**
 * pf_scan_uses_of_screens:
 * @tree: the kernel
 * @board: (inout): a linked board
 */
void
pf_scan_uses_of_screens (PfTree *tree, PfBoard *board)
{
  g_autoptr (GHashTable) with_screens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, "class/drm");

  for (guint i = 0; i < names->len; i++)
    add_connector (tree, board, g_ptr_array_index (names, i), with_screens);
  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfFunction *function = g_ptr_array_index (board->functions, i);

      if (function->is_pci && !g_hash_table_contains (with_screens, function->address))
        add_boot_card (tree, board, function);
    }
}

static char *
read_proc_name (PfTree *tree, const char *path)
{
  g_autofree char *text = pf_tree_read_text (tree, PF_TREE_PROC, path);

  return pf_text_to_name (text);
}

/* "state: RUNNING\nowner_pid   : 1234\n ..."; "closed" when it is free (snd_pcm_substream_proc_status_read()
 * in sound/core/pcm.c). */
static char *
find_player (PfTree *tree, const char *directory)
{
  g_autofree char *path = g_strdup_printf ("%s/status", directory);
  g_autofree char *status = pf_tree_read_text (tree, PF_TREE_PROC, path);
  const char *owner;
  g_autofree char *name_path = NULL;
  g_autofree char *name = NULL;
  guint64 process;

  if (status == NULL || *status == '\0' || strcmp (status, "closed") == 0)
    return NULL;
  owner = strstr (status, "owner_pid");
  owner = owner != NULL ? strchr (owner, ':') : NULL;
  process = owner != NULL ? g_ascii_strtoull (owner + 1, NULL, 10) : 0;
  if (process == 0)
    return g_strdup ("A program");
  name_path = g_strdup_printf ("%" G_GUINT64_FORMAT "/comm", process);
  name = read_proc_name (tree, name_path);
  return g_strdup_printf ("%s (%" G_GUINT64_FORMAT ")", name != NULL ? name : "process", process);
}

static void
add_pcm (PfTree *tree, PfBoard *board, const PfUsePlace *place, const char *card, const char *pcm)
{
  g_autofree char *directory = g_strdup_printf ("asound/%s/%s", card, pcm);
  g_autofree char *name_path = g_strdup_printf ("asound/%s/id", card);
  g_autofree char *name = read_proc_name (tree, name_path);
  g_autoptr (GPtrArray) streams = pf_tree_list (tree, PF_TREE_PROC, directory);

  for (guint i = 0; i < streams->len; i++)
    {
      const char *stream = g_ptr_array_index (streams, i);
      g_autofree char *path = g_strdup_printf ("%s/%s", directory, stream);
      g_autofree char *player = g_str_has_prefix (stream, "sub") ? find_player (tree, path) : NULL;

      if (player != NULL)
        pf_board_add_use (board, PF_USE_AUDIO, place, name != NULL ? name : card, player);
    }
}

static void
add_card (PfTree *tree, PfBoard *board, const char *card)
{
  g_autofree char *path = g_strdup_printf ("class/sound/%s", card);
  g_autofree char *directory = g_strdup_printf ("asound/%s", card);
  g_autoptr (GPtrArray) entries = NULL;
  g_auto (PfUsePlace) place = { 0 };

  if (!pf_scan_place (tree, board, path, &place))
    return;
  entries = pf_tree_list (tree, PF_TREE_PROC, directory);
  for (guint i = 0; i < entries->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (entries, i), "pcm"))
      add_pcm (tree, board, &place, card, g_ptr_array_index (entries, i));
}

/**
 * pf_scan_uses_of_sound:
 * @tree: the kernel
 * @board: (inout): a linked board
 *
 * Sound servers close a card some seconds after the last sound, so that an open stream means that somebody
 * listens.
 */
void
pf_scan_uses_of_sound (PfTree *tree, PfBoard *board)
{
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, "class/sound");

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      /* "card0"; control and PCM devices ("controlC0", "pcmC0D0p") are in the same folder */
      if (g_str_has_prefix (name, "card"))
        add_card (tree, board, name);
    }
}
