using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Pages;

/// <summary>The files that pages link to. They are read once from this assembly.</summary>
internal static class PageAssets
{
    private static readonly FrozenDictionary<string, PageAsset> All =
        new[] { "style.css", "form-post.js", "logged-out.js", "check-session.js", "show-password.js", "mail-link.js", "passkey.js", "icon.svg" }.ToFrozenDictionary(name => name, Load, StringComparer.Ordinal);

    public static PageAsset? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>An address relative to the pages. It changes with the content, so that a browser can cache the file for a long time.</summary>
    public static string Href(string name) => Href(name, All[name]);

    /// <inheritdoc cref="Href(string)"/>
    public static string Href(string name, PageAsset asset) => $"assets/{name}?v={asset.ETag[1..9]}";

    /// <param name="extension">The extension of the file name.</param>
    public static PageAsset Of(string extension, byte[] content)
    {
        var contentType = extension switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".png" => "image/png",
            _ => "image/svg+xml",
        };
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        return new PageAsset(contentType, content, $"\"{hash[..32]}\"");
    }

    private static PageAsset Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The asset {name} is not embedded in this assembly.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return Of(Path.GetExtension(name), content);
    }
}
