using System.Security.Cryptography.X509Certificates;

namespace FunctionsAuth.WorkerHost.Hosting;

/// <summary>A function app as its host knows it.</summary>
/// <param name="Folder">Where it was published.</param>
/// <param name="Url">Where clients come to.</param>
/// <param name="Settings">Application settings: environment variables of its worker.</param>
/// <param name="Certificate">For an https URL.</param>
public sealed record HostedApp(string Folder, Uri Url, IReadOnlyDictionary<string, string?> Settings, X509Certificate2? Certificate = null);
