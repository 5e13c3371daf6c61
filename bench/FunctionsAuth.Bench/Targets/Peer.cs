using System.Diagnostics;
using System.Text.Json;
using FunctionsAuth.Bench.Flows;

namespace FunctionsAuth.Bench.Targets;

/// <summary>Another server of the field: a folder of bench/peers, where its package is installed.</summary>
/// <param name="WellKnown">Where its metadata is.</param>
/// <param name="Algorithms">What it signs with.</param>
/// <param name="Flows">What it has of <see cref="Flow.All"/>.</param>
internal sealed record Peer(string Name, string Folder, string WellKnown, IReadOnlyList<string> Algorithms, IReadOnlyList<Flow> Flows)
{
    public string Version
    {
        get
        {
            using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "package.json")));
            var packages = package.RootElement.GetProperty("dependencies").EnumerateObject();
            return packages.Single(one => one.Name.EndsWith(Path.GetFileName(Folder), StringComparison.Ordinal)).Value.GetString()!;
        }
    }

    /// <summary>Those that are installed there.</summary>
    public static IReadOnlyList<Peer> In(DirectoryInfo? folder) => folder is null ? [] :
    [
        .. new Peer[]
        {
            new("oidc-provider", Path.Combine(folder.FullName, "oidc-provider"), Site.WellKnown, ["ES256", "RS256"], Flow.All),
            new("OpenAuth", Path.Combine(folder.FullName, "openauth"), "/.well-known/oauth-authorization-server", ["ES256"], Flow.OfOpenAuth),
        }.Where(peer => Directory.Exists(Path.Combine(peer.Folder, "node_modules"))),
    ];

    public ProcessStartInfo Start(string port, string algorithm)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "server.mjs"), port, algorithm]) { WorkingDirectory = Folder };
        start.Environment["NODE_ENV"] = "production";
        return start;
    }
}
