namespace FunctionsAuth.Worker.Tests.Harness;

/// <summary>The storage account for the worker's tables. Azurite is enough. A worker cannot keep tables in memory.</summary>
internal static class TestStorage
{
    private const string Variable = "FUNCTIONSAUTH_TEST_STORAGE";

    public static string? ConnectionString => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    public static string? Missing => ConnectionString is null ? $"Set {Variable} to a connection string, for example Azurite's, to run this test." : null;
}

/// <summary>A fact about the worker, skipped where there is no storage account.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkerFactAttribute : FactAttribute
{
    public WorkerFactAttribute() => Skip = TestStorage.Missing;
}

/// <summary>A theory about the worker, skipped where there is no storage account.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkerTheoryAttribute : TheoryAttribute
{
    public WorkerTheoryAttribute() => Skip = TestStorage.Missing;
}
