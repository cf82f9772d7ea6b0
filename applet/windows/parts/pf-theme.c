/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-theme.h"

#include "pf-theme-colour.h"

/* Sizes and borders in terms of the theme's own colours, so that light, dark and high contrast themes stay
 * what they are. */
static const char style[]
    = "@define-color pf_accent mix(@theme_selected_bg_color, @theme_fg_color, 0.35);" /* seen on any paper */
      ".pf-socket { border: 1px solid alpha(@theme_fg_color, 0.5); border-radius: 6px; padding: 8px 10px;"
      "  background-color: @theme_base_color; color: @theme_text_color; }"
      ".pf-socket.pf-occupied { border-color: @theme_fg_color; }"
      ".pf-socket.pf-guest { border-style: dashed; border-width: 2px; border-color: @theme_fg_color;"
      "  padding: 7px 9px; }"
      ".pf-socket.pf-picked { border: 2px solid @pf_accent; padding: 7px 9px; }"
      ".pf-socket.pf-lit { background-color: mix(@theme_base_color, @theme_selected_bg_color, 0.25);"
      "  border: 3px solid @pf_accent; padding: 6px 8px; }"
      "flowboxchild.pf-tile { padding: 0; border-radius: 6px; outline: 2px solid @pf_accent;"
      "  outline-offset: -5px; -gtk-outline-radius: 3px; }"
      ".pf-header .subtitle { opacity: 1; }"                 /* themes write it grey on grey */
      ".pf-known:disabled label { color: @theme_fg_color; }" /* nothing to choose, and still to be read */
      ".pf-title { font-weight: bold; }"
      ".pf-heading { font-weight: bold; font-size: larger; }"
      ".pf-hero { font-weight: bold; font-size: x-large; }"
      ".pf-mono { font-family: monospace; }"
      ".pf-badge { border-radius: 4px; padding: 1px 6px; font-weight: bold; font-size: smaller; }";

/* Themes for people who need every contrast they can get decide about all colours themselves. */
static const char plain[] = ".pf-badge { border: 2px solid currentColor; }"
                            ".pf-socket { border-color: @theme_fg_color; }";

static GtkCssProvider *colours;

static char *
write_colours (void)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < pf_theme_n_colours; i++)
    g_string_append_printf (text, ".pf-badge-%s, .pf-badge-%s * { background-color: #%06x; color: #%06x; }",
                            pf_theme_colours[i].name, pf_theme_colours[i].name, pf_theme_colours[i].paper,
                            pf_theme_colours[i].ink);
  return g_string_free (text, FALSE);
}

static void
on_theme_changed (GtkSettings *settings)
{
  g_autofree char *theme = NULL;
  g_autofree char *text = NULL;

  g_object_get (settings, "gtk-theme-name", &theme, NULL);
  if (theme != NULL && g_str_has_prefix (theme, "HighContrast"))
    text = g_strdup (plain);
  else
    text = write_colours ();
  gtk_css_provider_load_from_data (colours, text, -1, NULL);
}

static void
add_provider (GtkCssProvider *provider)
{
  gtk_style_context_add_provider_for_screen (gdk_screen_get_default (), GTK_STYLE_PROVIDER (provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/**
 * pf_theme_install:
 *
 * Adds what our windows need to the style of this screen; again it does nothing.
 */
void
pf_theme_install (void)
{
  g_autoptr (GtkCssProvider) shapes = NULL;

  if (colours != NULL)
    return;
  shapes = gtk_css_provider_new ();
  gtk_css_provider_load_from_data (shapes, style, -1, NULL);
  add_provider (shapes);
  colours = gtk_css_provider_new ();
  add_provider (colours);
  g_signal_connect (gtk_settings_get_default (), "notify::gtk-theme-name", G_CALLBACK (on_theme_changed),
                    NULL);
  on_theme_changed (gtk_settings_get_default ());
}
