/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-shortcut-gsettings.h"

/* Cinnamon reads the list of names, and what is below each; a key combination there is a list, too. */

#define KEYBINDINGS "org.cinnamon.desktop.keybindings"

static const char *const desktops[] = { "X-Cinnamon", "Cinnamon", NULL };
static const char *const others[] = { KEYBINDINGS, KEYBINDINGS ".wm", KEYBINDINGS ".media-keys", NULL };

static const PfShortcutStore store = {
  .list_schema = KEYBINDINGS,
  .list_key = "custom-list",
  .item_schema = KEYBINDINGS ".custom-keybinding",
  .base = "/org/cinnamon/desktop/keybindings/custom-keybindings/",
  .command_key = "command",
  .others = others,
};

const PfShortcutBackend pf_shortcut_cinnamon = {
  .id = "cinnamon",
  .label = "Cinnamon",
  .desktops = desktops,
  .schema = KEYBINDINGS,
  .store = &store,
  .read = pf_shortcut_gsettings_read,
  .set = pf_shortcut_gsettings_set,
  .remove = pf_shortcut_gsettings_remove,
};
