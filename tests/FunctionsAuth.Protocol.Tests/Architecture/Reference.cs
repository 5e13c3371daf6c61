namespace FunctionsAuth.Protocol.Tests.Architecture;

/// <summary>One namespace knows another one.</summary>
/// <param name="Why">The types that do, or the line that does.</param>
internal readonly record struct Reference(string From, string To, string Why);
