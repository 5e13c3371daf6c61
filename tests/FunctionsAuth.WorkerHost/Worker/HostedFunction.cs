using System.Text.Json;
using FunctionsAuth.WorkerHost.Protocol;

namespace FunctionsAuth.WorkerHost.Worker;

/// <summary>A function as the worker describes it to its host.</summary>
/// <param name="Trigger">Such as <c>httpTrigger</c>.</param>
/// <param name="Parameter">The parameter that the trigger is bound to.</param>
/// <param name="Route">Of an HTTP trigger.</param>
/// <param name="Methods">In lower case, of an HTTP trigger; empty for all.</param>
/// <param name="Schedule">Of a timer trigger.</param>
public sealed record HostedFunction(string Id, string Name, string Trigger, string Parameter, string? Route, IReadOnlyList<string> Methods, string? Schedule)
{
    public bool IsHttp => Is("httpTrigger");

    public bool IsTimer => Is("timerTrigger");

    internal static HostedFunction From(RpcFunctionMetadata metadata)
    {
        foreach (var json in metadata.RawBindings)
        {
            using var document = JsonDocument.Parse(json);
            var binding = document.RootElement;
            var type = Text(binding, "type");
            if (type?.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase) == true)
            {
                string[] methods = binding.TryGetProperty("methods", out var list) ? [.. list.EnumerateArray().Select(method => method.GetString()!)] : [];
                return new HostedFunction(metadata.FunctionId, metadata.Name, type, Text(binding, "name")!, Text(binding, "route"), methods, Text(binding, "schedule"));
            }
        }
        throw new InvalidOperationException($"The function {metadata.Name} has no trigger.");
    }

    private bool Is(string trigger) => Trigger.Equals(trigger, StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonElement binding, string name) => binding.TryGetProperty(name, out var value) ? value.GetString() : null;
}
