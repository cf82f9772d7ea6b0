/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-shortcut-gsettings.h"

/* gnome-settings-daemon reads the list of paths, and what is at each. */

#define MEDIA_KEYS "org.gnome.settings-daemon.plugins.media-keys"

static const char *const desktops[] = { "GNOME", "GNOME-Classic", "Unity", "Budgie", "Pantheon", NULL };
static const char *const others[] = { MEDIA_KEYS,
                                      "org.gnome.desktop.wm.keybindings",
                                      "org.gnome.shell.keybindings",
                                      "org.gnome.mutter.keybindings",
                                      "org.gnome.mutter.wayland.keybindings",
                                      NULL };

static const PfShortcutStore store = {
  .list_schema = MEDIA_KEYS,
  .list_key = "custom-keybindings",
  .lists_paths = TRUE,
  .item_schema = MEDIA_KEYS ".custom-keybinding",
  .base = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/",
  .command_key = "command",
  .others = others,
};

const PfShortcutBackend pf_shortcut_gnome = {
  .id = "gnome",
  .label = "GNOME",
  .desktops = desktops,
  .schema = MEDIA_KEYS,
  .store = &store,
  .read = pf_shortcut_gsettings_read,
  .set = pf_shortcut_gsettings_set,
  .remove = pf_shortcut_gsettings_remove,
};
