namespace Azure.Data.Tables;

/// <summary>Where the tables are and with which key, as one connection string says it.</summary>
internal sealed record ConnectionString(Uri Endpoint, TableSharedKeyCredential Credential)
{
    // The account that every emulator has; published, and of no use anywhere else.
    private const string EmulatorAccount = "devstoreaccount1";
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static ConnectionString Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new InvalidOperationException("A connection string is a list of NAME=VALUE;.");
            settings[part[..equals]] = part[(equals + 1)..];
        }
        if (settings.TryGetValue("UseDevelopmentStorage", out var emulator) && bool.TryParse(emulator, out var use) && use)
            return Emulator(settings.GetValueOrDefault("DevelopmentStorageProxyUri", "http://127.0.0.1"));

        var account = settings.GetValueOrDefault("AccountName");
        var key = settings.GetValueOrDefault("AccountKey");
        if (account is null || key is null)
            throw new InvalidOperationException("The connection string lacks AccountName or AccountKey.");
        var endpoint = settings.GetValueOrDefault("TableEndpoint") ??
            $"{settings.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.table." +
            settings.GetValueOrDefault("EndpointSuffix", "core.windows.net");
        return new(new Uri(endpoint), new TableSharedKeyCredential(account, key));
    }

    private static ConnectionString Emulator(string proxy) =>
        new(new Uri($"{proxy.TrimEnd('/')}:10002/{EmulatorAccount}"), new TableSharedKeyCredential(EmulatorAccount, EmulatorKey));
}
