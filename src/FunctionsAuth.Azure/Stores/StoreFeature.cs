using FunctionsAuth.Azure.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Azure.Stores;

/// <summary>A store and its tables.</summary>
public sealed class StoreFeature
{
    private StoreFeature(Action<IServiceCollection> addStore, IReadOnlyList<TableDescription> tables) => (AddStore, Tables) = (addStore, tables);

    public Action<IServiceCollection> AddStore { get; }

    public IReadOnlyList<TableDescription> Tables { get; }

    public static StoreFeature Of<TService, TStore>(params TableDescription[] tables)
        where TService : class
        where TStore : class, TService => new(services => services.AddSingleton<TService, TStore>(), tables);

    /// <summary>Tables whose rows no store reads.</summary>
    public static StoreFeature Of(params TableDescription[] tables) => new(_ => { }, tables);
}
