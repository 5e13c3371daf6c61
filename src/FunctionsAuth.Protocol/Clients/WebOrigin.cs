namespace FunctionsAuth.Protocol.Clients;

/// <summary>The web origin of an address: RFC 6454.</summary>
public static class WebOrigin
{
    /// <summary>The origin of an http(s) URI as browsers send it, or null.</summary>
    public static string? Of(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) ? Of(parsed) : null;

    /// <inheritdoc cref="Of(string)"/>
    public static string? Of(Uri uri)
    {
        if (uri.Scheme is not ("https" or "http"))
            return null;
        // Names of other scripts are written in ASCII there (RFC 6454 §6.2).
        var host = uri.HostNameType == UriHostNameType.Dns ? uri.IdnHost : uri.Host;
        return uri.IsDefaultPort ? $"{uri.Scheme}://{host}" : string.Create(null, $"{uri.Scheme}://{host}:{uri.Port}");
    }
}
