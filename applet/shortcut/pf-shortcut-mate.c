/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-shortcut-gsettings.h"

/* mate-settings-daemon looks at everything below one path; there is no list. */

#define KEYBINDING "org.mate.control-center.keybinding"

static const char *const desktops[] = { "MATE", NULL };
static const char *const others[]
    = { "org.mate.Marco.global-keybindings", "org.mate.Marco.window-keybindings",
        "org.mate.Marco.keybinding-commands", "org.mate.SettingsDaemon.plugins.media-keys", NULL };

static const PfShortcutStore store = {
  .item_schema = KEYBINDING,
  .base = "/org/mate/desktop/keybindings/",
  .command_key = "action",
  .others = others,
};

const PfShortcutBackend pf_shortcut_mate = {
  .id = "mate",
  .label = "MATE",
  .desktops = desktops,
  .schema = KEYBINDING,
  .store = &store,
  .read = pf_shortcut_gsettings_read,
  .set = pf_shortcut_gsettings_set,
  .remove = pf_shortcut_gsettings_remove,
};
