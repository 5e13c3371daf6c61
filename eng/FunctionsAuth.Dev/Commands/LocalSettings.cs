using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev.Commands;

/// <summary>local.settings.json: the variables that `func start` sets for the app. This program changes only copies of the file.</summary>
internal sealed class LocalSettings
{
    private const string Issuer = "FunctionsAuth__Issuer";
    private const int UsualPort = 7071;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly JsonObject file;
    private readonly JsonObject values;

    private LocalSettings(JsonObject file, JsonObject values) => (this.file, this.values) = (file, values);

    public string? ConnectionString => this["FunctionsAuth__Storage__ConnectionString"];

    /// <summary>A connection string or the URL of an account.</summary>
    public string? Storage => ConnectionString ?? this["FunctionsAuth__Storage__AccountUri"];

    public string TablePrefix => this["FunctionsAuth__Storage__TablePrefix"] ?? "";

    /// <summary>The app or the Functions host keeps data in Azurite.</summary>
    public bool UseAzurite => new[] { ConnectionString, this["AzureWebJobsStorage"] }.Contains(Azurite.DevelopmentStorage, StringComparer.OrdinalIgnoreCase);

    private string? this[string name] => values[name]?.GetValue<string>() is { Length: > 0 } value ? value : null;

    /// <summary>Reads the settings of this checkout. If there are none, the sample is copied first.</summary>
    public static LocalSettings Read()
    {
        var path = Repository.PathOf("local.settings.json");
        if (!File.Exists(path))
        {
            File.Copy(Repository.PathOf("local.settings.sample.json"), path);
            Console.WriteLine("Settings: local.settings.json was created as a copy of local.settings.sample.json. You can change it.");
        }
        try
        {
            var file = JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient)!.AsObject();
            var values = file["Values"]!.AsObject();
            return values.All(setting => setting.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String)
                ? new LocalSettings(file, values)
                : throw new Problem("Each setting in the Values of local.settings.json must be a string.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new Problem("local.settings.json must be a JSON object with an object Values in it, as local.settings.sample.json is.");
        }
    }

    /// <summary>Changes the port of an issuer on this machine to the requested one. Any other issuer, such as a tunnel, is kept.</summary>
    /// <param name="asked">The requested port; null for the port of the issuer.</param>
    /// <returns>The port on which the server must listen, and its issuer.</returns>
    public (int Port, string Issuer) Place(int? asked)
    {
        if (this[Issuer] is not { } issuer)
            values[Issuer] = issuer = $"http://localhost:{asked ?? UsualPort}";
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var uri) || !uri.IsLoopback || uri.Scheme != Uri.UriSchemeHttp)
            return (asked ?? UsualPort, issuer);
        var port = asked ?? uri.Port;
        if (port != uri.Port)
            values[Issuer] = issuer = new UriBuilder(uri) { Port = port }.Uri.AbsoluteUri.TrimEnd('/');
        return (port, issuer);
    }

    public void Write(string path) => File.WriteAllText(path, file.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
}
